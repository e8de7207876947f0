//! What Linux perf is told of our code: `/tmp/perf-PID.map`, and a `jit-PID.dump`.
//!
//! The map is a line per piece of code: start, size, name, for bpftrace, bcc and their like. Perf itself looks into it only for
//! anonymous memory; our region is mapped twice from a file without a name, so perf wants the dump. The dump has the code itself, with times and source lines: `perf record -k
//! mono`, `perf inject --jit`, `perf report` and `perf annotate` then know what stood where at each moment. Perf finds the
//! dump because we map its first page executable: that shows in its own record of the process.
//!
//! Layout of the dump: `tools/perf/Documentation/jitdump-specification.txt` in Linux.

use memmap2::Mmap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

const MAGIC: u32 = 0x4A69_5444;
const VERSION: u32 = 1;
const HEADER_BYTES: u32 = 40;
const CODE_LOAD: u32 = 0;
const CODE_CLOSE: u32 = 3;
const DEBUG_INFO: u32 = 2;
#[cfg(target_arch = "x86_64")]
const ELF_MACHINE: u32 = 62;
#[cfg(target_arch = "aarch64")]
const ELF_MACHINE: u32 = 183;

/// A piece of code, as perf wants to know it.
pub struct PerfCode<'a> {
    /// Its address.
    pub start: usize,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Its name.
    pub name: &'a str,
    /// The source file.
    pub file: &'a str,
    /// Addresses with their lines, ascending.
    pub lines: &'a [(usize, u32)],
}

/// The files that perf reads.
pub struct PerfFiles {
    map: Option<BufWriter<File>>,
    dump: Option<Dump>,
}

struct Dump {
    out: BufWriter<File>,
    /// Executable mapping of the first page, by which perf finds the file.
    _marker: Mmap,
    code_index: u64,
}

impl PerfFiles {
    /// Opens the files that are wanted; none: nothing is wanted.
    ///
    /// # Errors
    /// Those of the file system, with the path.
    pub fn open(map: bool, dump: bool) -> Result<Option<PerfFiles>, String> {
        if !map && !dump {
            return Ok(None);
        }
        let pid = std::process::id();
        let open = |path: PathBuf| {
            let file = File::options().read(true).write(true).create(true).truncate(true).open(&path);
            file.map_err(|error| format!("{}: {error}", path.display()))
        };
        let map = map.then(|| open(std::env::temp_dir().join(format!("perf-{pid}.map")))).transpose()?;
        let dump = match dump {
            true => {
                let path = std::env::current_dir().unwrap_or_default().join(format!("jit-{pid}.dump"));
                let file = open(path.clone())?;
                Some(Dump::begin(file).map_err(|error| format!("{}: {error}", path.display()))?)
            }
            false => None,
        };
        Ok(Some(PerfFiles { map: map.map(BufWriter::new), dump }))
    }

    /// Tells of a piece of code.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn add(&mut self, code: &PerfCode) -> io::Result<()> {
        if let Some(map) = &mut self.map {
            writeln!(map, "{:x} {:x} {}", code.start, code.bytes.len(), code.name)?;
            map.flush()?;
        }
        if let Some(dump) = &mut self.dump {
            dump.add(code)?;
        }
        Ok(())
    }

    /// The program is over.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn finish(&mut self) -> io::Result<()> {
        match &mut self.dump {
            Some(dump) => dump.record(CODE_CLOSE, &[]).and_then(|()| dump.out.flush()),
            None => Ok(()),
        }
    }
}

/// Perf's clock (`-k mono`).
fn now_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the struct is ours and outlives the call.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

impl Dump {
    fn begin(mut file: File) -> io::Result<Dump> {
        let mut header = Vec::new();
        for word in [MAGIC, VERSION, HEADER_BYTES, ELF_MACHINE, 0, std::process::id()] {
            header.extend(word.to_le_bytes());
        }
        header.extend(now_ns().to_le_bytes());
        header.extend(0u64.to_le_bytes());
        file.write_all(&header)?;
        // SAFETY: nobody reads through the mapping or runs what is there.
        let marker = unsafe { memmap2::MmapOptions::new().len(HEADER_BYTES as usize).map_exec(&file)? };
        Ok(Dump { out: BufWriter::new(file), _marker: marker, code_index: 0 })
    }

    fn record(&mut self, id: u32, body: &[u8]) -> io::Result<()> {
        self.out.write_all(&id.to_le_bytes())?;
        self.out.write_all(&(body.len() as u32 + 16).to_le_bytes())?;
        self.out.write_all(&now_ns().to_le_bytes())?;
        self.out.write_all(body)
    }

    fn add(&mut self, code: &PerfCode) -> io::Result<()> {
        let words = |body: &mut Vec<u8>, words: &[u64]| words.iter().for_each(|word| body.extend(word.to_le_bytes()));
        if !code.lines.is_empty() {
            let mut body = Vec::new();
            words(&mut body, &[code.start as u64, code.lines.len() as u64]);
            for (address, line) in code.lines {
                words(&mut body, &[*address as u64]);
                body.extend(line.to_le_bytes());
                body.extend(0u32.to_le_bytes());
                body.extend(code.file.as_bytes());
                body.push(0);
            }
            self.record(DEBUG_INFO, &body)?;
        }
        let mut body = Vec::new();
        let pid = std::process::id();
        body.extend(pid.to_le_bytes());
        // The program runs on the thread that made the VM; perf matches code by process.
        body.extend(pid.to_le_bytes());
        words(&mut body, &[code.start as u64, code.start as u64, code.bytes.len() as u64, self.code_index]);
        body.extend(code.name.as_bytes());
        body.push(0);
        body.extend(code.bytes);
        self.code_index += 1;
        self.record(CODE_LOAD, &body)?;
        self.out.flush()
    }
}
