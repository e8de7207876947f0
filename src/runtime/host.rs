//! What a running program has of the world outside: output, arguments, clock, exit code.
//!
//! Standard output is collected in a large buffer and written when it is full, before anything goes to standard error
//! and at exit, so that a program that prints a line per iteration does not make a system call per line. Tests replace
//! the sinks by buffers.

use std::io::Write;
use std::time::Instant;

const FLUSH_AT: usize = 64 * 1024;

/// Where output ends up.
pub enum Sink {
    /// The process's own stream.
    Process,
    /// The process's standard error, for standard output: something else is printed there.
    Diverted,
    /// Memory: tests and embedders.
    Memory(Vec<u8>),
}

/// The outside world of one runtime.
pub struct Host {
    buffer: Vec<u8>,
    /// Where standard output goes.
    pub stdout: Sink,
    /// Where standard error goes.
    pub stderr: Sink,
    /// Whether `Date` shows the virtual clock (deterministic mode).
    pub virtual_time: bool,
    /// Whether standard output could no longer be written.
    pub reader_gone: bool,
    /// When the runtime started.
    pub start: Instant,
    /// Columns by which `console.group` indents.
    pub indentation: usize,
    /// Counters of `console.count`.
    pub counters: Vec<(String, u64)>,
    /// Running timers of `console.time`: label and start in milliseconds.
    pub timers: Vec<(String, f64)>,
    /// Arrays that `join` is at work on: one that contains itself ends there.
    pub joining: Vec<super::object::Obj>,
    /// State of `Math.random`.
    pub random: [u64; 2],
}

impl Host {
    /// The process's streams, no arguments, and a random seed from the clock.
    pub fn new() -> Host {
        let mut host = Host {
            buffer: Vec::new(),
            stdout: Sink::Process,
            stderr: Sink::Process,
            virtual_time: false,
            reader_gone: false,
            start: Instant::now(),
            indentation: 0,
            counters: Vec::new(),
            timers: Vec::new(),
            joining: Vec::new(),
            random: [0; 2],
        };
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        host.seed(now.as_nanos() as u64 ^ (&raw const host as u64).rotate_left(32));
        host
    }

    /// Seeds `Math.random` (deterministic mode).
    pub fn seed(&mut self, seed: u64) {
        let mix = |x: u64| {
            let x = (x ^ (x >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
            let x = (x ^ (x >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
            x ^ (x >> 33)
        };
        self.random = [mix(seed) | 1, mix(!seed)];
    }

    /// The next number of `Math.random`: xorshift128+ as in V8.
    pub fn next_random(&mut self) -> f64 {
        let [mut s1, s0] = self.random;
        s1 ^= s1 << 23;
        s1 ^= s1 >> 17;
        s1 ^= s0 ^ (s0 >> 26);
        self.random = [s0, s1];
        (s0 >> 12) as f64 / (1u64 << 52) as f64
    }

    /// Writes to standard output, buffered.
    pub fn write_out(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= FLUSH_AT {
            self.flush();
        }
    }
    /// Writes to standard error at once, after what standard output has pending.
    pub fn write_err(&mut self, bytes: &[u8]) {
        self.flush();
        match &mut self.stderr {
            // A closed standard error is nothing that a program could be told about.
            Sink::Process | Sink::Diverted => drop(std::io::stderr().write_all(bytes)),
            Sink::Memory(m) => m.extend_from_slice(bytes),
        }
    }
    /// Writes out what is buffered.
    pub fn flush(&mut self) {
        let bytes = std::mem::take(&mut self.buffer);
        match &mut self.stdout {
            // A reader that has gone away ends the output; whoever prints then ends the program.
            Sink::Process => {
                let mut out = std::io::stdout().lock();
                self.reader_gone |= out.write_all(&bytes).and_then(|()| out.flush()).is_err();
            }
            Sink::Diverted => self.reader_gone |= std::io::stderr().write_all(&bytes).is_err(),
            Sink::Memory(m) => m.extend_from_slice(&bytes),
        }
        self.buffer = bytes;
        self.buffer.clear();
    }
}

impl Default for Host {
    fn default() -> Self {
        Host::new()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Offset of local time from UTC at a time, both in milliseconds.
pub fn local_offset_ms(t: f64) -> f64 {
    local_time(t).map_or(0.0, |tm| tm.tm_gmtoff as f64 * 1000.0)
}

/// Name of the local time zone at a time, as V8 prints it in parentheses (only UTC has its long name here).
pub fn zone_name(t: f64) -> String {
    let Some(tm) = local_time(t).filter(|tm| !tm.tm_zone.is_null()) else {
        return "Coordinated Universal Time".into();
    };
    // SAFETY: the C library's zone names are static, terminated strings.
    let name = unsafe { std::ffi::CStr::from_ptr(tm.tm_zone) }.to_string_lossy().into_owned();
    if name == "UTC" { "Coordinated Universal Time".into() } else { name }
}

fn local_time(t: f64) -> Option<libc::tm> {
    let seconds = (t / 1000.0).floor() as libc::time_t;
    // SAFETY: `tm` is plain data; `localtime_r` fills it and returns null if it cannot.
    unsafe {
        let mut tm: libc::tm = std::mem::zeroed();
        (!libc::localtime_r(&seconds, &mut tm).is_null()).then_some(tm)
    }
}
