//! The file format of recordings.
//!
//! ```text
//! "PETREL\r\n"            8 bytes; a transfer that mangles line ends is noticed
//! u32 LE schema version
//! u32 LE length, header   JSON: engine, program, config, and outside of deterministic mode host and time
//! block*                  u32 LE stored length (never 0), u32 LE length, u32 LE events, u32 LE check, then LZ4 of:
//!                         per event, in postcard: i64 time minus that of the event before it in the block (the first
//!                         counts from 0), u32 skipped, the event
//! u32 LE 0                end of the recording; its absence means that the writer did not come to its end
//! ```
//!
//! The writer streams: a block is handed to the operating system when it is full or a quarter of a second old, or when its
//! events have been the last for that long (`Writer::close_old_block`), so a crash
//! loses no more than that. The reader takes the blocks that are whole and says whether the end was missing. What happened
//! on a compile thread is told when the program's thread learns of it; the reader puts events in order of time. A recording made in
//! deterministic mode contains nothing that differs from run to run.

use super::event::{Event, Frequency, SCHEMA_VERSION, Stamped};
use crate::config::{Config, RecordKeep};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use std::io::{self, Read, Write};

/// First bytes of every recording.
pub const MAGIC: [u8; 8] = *b"PETREL\r\n";

/// Largest header or block that a reader accepts; the writer never comes near.
const FRAME_LIMIT: u32 = 16 << 20;

/// FNV-1a, for the identity of source texts.
pub fn text_hash(text: &[u8]) -> u64 {
    text.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The header of a recording: which engine ran which program with which settings, and, unless the run was
/// deterministic, where and when.
pub fn header(program: &str, arguments: &[String], config: &Config) -> Value {
    let differences = config.run_differences().into_iter();
    let settings: Map<String, Value> = differences.map(|(flag, value)| (flag.to_string(), value.into())).collect();
    let mut header = json!({
        "engine": concat!("petrel ", env!("CARGO_PKG_VERSION")),
        "schema": SCHEMA_VERSION,
        "program": program,
        "arguments": arguments,
        "policy": config.policy.name(),
        "config": settings,
        "deterministic": config.deterministic,
    });
    if !config.deterministic {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        header["host"] = json!({
            "arch": std::env::consts::ARCH,
            "os": std::env::consts::OS,
            "cpus": std::thread::available_parallelism().map_or(1, |count| count.get()),
        });
        header["process"] = json!(std::process::id());
        header["started_unix_ms"] = json!(u64::try_from(since_epoch.as_millis()).unwrap_or(0));
    }
    header
}

/// Size at which a block is full, before compression.
const BLOCK_BYTES: usize = 64 << 10;
/// Age at which a block is closed though it is not full.
const BLOCK_NS: u64 = 250_000_000;
/// With a small limit, blocks are small too: the last events are kept in whole blocks.
const BLOCKS_PER_LIMIT: u64 = 8;

/// Bounds of a recording.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Events.
    pub events: u64,
    /// Bytes in the file.
    pub bytes: u64,
    /// What stays when one of them is reached.
    pub keep: RecordKeep,
}

impl Bounds {
    /// The bounds that a configuration sets.
    pub fn of(config: &Config) -> Bounds {
        Bounds { events: config.record_limit, bytes: config.record_bytes, keep: config.record_keep }
    }
}

/// A block that is being filled.
#[derive(Default)]
struct Block {
    raw: Vec<u8>,
    events: u32,
    began_ns: u64,
    last_ns: u64,
}

impl Block {
    fn push(&mut self, stamped: &Stamped) -> io::Result<()> {
        if self.events == 0 {
            (self.began_ns, self.last_ns) = (stamped.time_ns, 0);
        }
        let delta = stamped.time_ns.wrapping_sub(self.last_ns) as i64;
        self.last_ns = stamped.time_ns;
        let raw = std::mem::take(&mut self.raw);
        self.raw = postcard::to_extend(&(delta, stamped.skipped, &stamped.event), raw).map_err(io::Error::other)?;
        self.events += 1;
        Ok(())
    }

    /// The block as it stands in the file; the block is empty afterwards.
    fn seal(&mut self) -> Sealed {
        let stored = lz4_flex::block::compress(&self.raw);
        let mut bytes = Vec::with_capacity(stored.len() + 16);
        for word in [stored.len() as u32, self.raw.len() as u32, self.events, check(&stored)] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(stored);
        self.raw.clear();
        Sealed { bytes, events: std::mem::take(&mut self.events) }
    }
}

/// A block as it stands in the file.
struct Sealed {
    bytes: Vec<u8>,
    events: u32,
}

/// A sum over stored bytes that notices damage.
fn check(bytes: &[u8]) -> u32 {
    let words = bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    let sum = words.fold(0u64, |sum, word| (sum.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (sum >> 32) as u32
}

/// Writes a recording to a stream, within bounds.
///
/// With [`RecordKeep::First`] blocks are written as they are filled and later events are counted; a quarter more than
/// the limit is set aside for events that are not frequent, and the end of the run is always written, so that a storm of
/// deopts does not hide what came of it. With [`RecordKeep::Last`] blocks are held back, the oldest ones give way, and
/// the rest is written at the end; events that later ones refer to (names, source texts) are kept in any case. An I/O
/// error ends the writing; it is kept for [`Writer::finish`], since a program must not fail because its recording does.
pub struct Writer<W: Write> {
    out: W,
    bounds: Bounds,
    block: Block,
    /// With [`RecordKeep::Last`]: what is kept in any case, and the blocks held back.
    lasting: Block,
    held_back: VecDeque<Sealed>,
    held_bytes: u64,
    held_events: u64,
    written_bytes: u64,
    written: u64,
    dropped: u64,
    /// What [`Writer::close_old_block`] found: bytes written, events in the block.
    waiting: (u64, u32),
    error: Option<io::Error>,
}

impl<W: Write> Writer<W> {
    /// Writes magic, version and header.
    pub fn new(mut out: W, header: &Value, bounds: Bounds) -> io::Result<Writer<W>> {
        let header = serde_json::to_vec(header)?;
        out.write_all(&MAGIC)?;
        out.write_all(&SCHEMA_VERSION.to_le_bytes())?;
        out.write_all(&(header.len() as u32).to_le_bytes())?;
        out.write_all(&header)?;
        Ok(Writer {
            out,
            bounds,
            block: Block::default(),
            lasting: Block::default(),
            held_back: VecDeque::new(),
            held_bytes: 0,
            held_events: 0,
            written_bytes: header.len() as u64 + 16,
            written: 0,
            dropped: 0,
            waiting: (0, 0),
            error: None,
        })
    }

    /// Takes over one event. The recorder's own closing event is replaced by one that also counts what this writer
    /// dropped, and it is written even when the recording is full.
    pub fn write(&mut self, stamped: &Stamped) {
        if let Event::RecordingEnded { dropped, sampled_out, .. } = stamped.event {
            self.write_held_back();
            let event = Event::RecordingEnded { recorded: self.written, dropped: dropped + self.dropped, sampled_out };
            self.push(&Stamped { event, ..stamped.clone() });
            self.close_block();
            return;
        }
        match self.bounds.keep {
            RecordKeep::First if self.is_full_for(&stamped.event) => self.dropped += 1,
            RecordKeep::First => {
                self.written += 1;
                self.push(stamped);
            }
            RecordKeep::Last if is_lasting(&stamped.event) => {
                self.written += 1;
                let outcome = self.lasting.push(stamped);
                self.note(outcome);
            }
            RecordKeep::Last => self.push(stamped),
        }
    }

    fn is_full_for(&self, event: &Event) -> bool {
        let reserve = match event.row().frequency {
            Frequency::Frequent => 0,
            Frequency::Rare => 1,
        };
        let full = |used: u64, limit: u64| used >= limit + reserve * limit / 4;
        let full = full(self.written, self.bounds.events) || full(self.written_bytes, self.bounds.bytes);
        full && !matches!(event, Event::RunEnded { .. })
    }

    /// Puts an event into the block, and closes the block if it is full or old.
    fn push(&mut self, stamped: &Stamped) {
        if self.error.is_some() {
            return;
        }
        let outcome = self.block.push(stamped);
        self.note(outcome);
        let full = self.block.raw.len() >= BLOCK_BYTES
            || stamped.time_ns.saturating_sub(self.block.began_ns) >= BLOCK_NS
            || (self.bounds.keep == RecordKeep::Last
                && u64::from(self.block.events) >= (self.bounds.events / BLOCKS_PER_LIMIT).max(1));
        if full {
            self.close_block();
        }
    }

    fn close_block(&mut self) {
        if self.block.events == 0 {
            return;
        }
        let sealed = self.block.seal();
        match self.bounds.keep {
            RecordKeep::First => self.write_sealed(&sealed),
            RecordKeep::Last => {
                self.held_bytes += sealed.bytes.len() as u64;
                self.held_events += u64::from(sealed.events);
                self.held_back.push_back(sealed);
                while self.held_events > self.bounds.events || self.held_bytes > self.bounds.bytes {
                    let Some(oldest) = self.held_back.pop_front() else { break };
                    self.held_bytes -= oldest.bytes.len() as u64;
                    self.held_events -= u64::from(oldest.events);
                    self.dropped += u64::from(oldest.events);
                }
            }
        }
    }

    fn write_sealed(&mut self, sealed: &Sealed) {
        if self.error.is_none() {
            let outcome = self.out.write_all(&sealed.bytes);
            self.written_bytes += sealed.bytes.len() as u64;
            self.note(outcome);
        }
    }

    fn note(&mut self, outcome: io::Result<()>) {
        self.error = self.error.take().or(outcome.err());
    }

    /// From now on the writer writes as it goes: the recording comes to its end.
    fn write_held_back(&mut self) {
        if self.bounds.keep == RecordKeep::First {
            return;
        }
        self.close_block();
        self.bounds.keep = RecordKeep::First;
        self.written += self.held_events;
        if self.lasting.events > 0 {
            let lasting = self.lasting.seal();
            self.write_sealed(&lasting);
        }
        for sealed in std::mem::take(&mut self.held_back) {
            self.write_sealed(&sealed);
        }
    }

    /// Writes the events that have stood in the block since the last call, if they would be written before the end at all. For
    /// who calls this every quarter of a second: a block closes by itself only when an event comes.
    pub fn close_old_block(&mut self) {
        let waiting = (self.written_bytes, self.block.events);
        if self.bounds.keep == RecordKeep::First && self.waiting == waiting {
            self.close_block();
        }
        self.waiting = waiting;
    }

    /// Closes the current block and hands what was written so far to the operating system.
    pub fn flush(&mut self) -> io::Result<()> {
        self.close_block();
        self.out.flush()
    }

    /// Writes the end mark; reports the first error of the whole writing.
    pub fn finish(&mut self) -> io::Result<()> {
        self.write_held_back();
        self.close_block();
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        self.out.write_all(&0u32.to_le_bytes())?;
        self.out.flush()
    }
}

/// Events that later ones refer to.
fn is_lasting(event: &Event) -> bool {
    matches!(event, Event::ProgramLoaded { .. } | Event::FunctionRegistered { .. } | Event::CodeRegionReserved { .. })
}

/// Why a file could not be read as a recording.
#[derive(Debug)]
pub enum ReadError {
    /// It does not begin as recordings do.
    NotARecording,
    /// It was written with another version of the schema.
    WrongVersion(u32),
    /// It ends or breaks within the header.
    BrokenHeader,
    /// A block could not be decoded; the text names its position.
    BrokenBlock(String),
    /// The file could not be read.
    Io(io::Error),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReadError::NotARecording => write!(f, "this is not a Petrel recording"),
            ReadError::WrongVersion(found) => {
                write!(f, "the recording has schema version {found}; this engine reads version {SCHEMA_VERSION}")
            }
            ReadError::BrokenHeader => write!(f, "the recording breaks off in its header"),
            ReadError::BrokenBlock(what) => write!(f, "the recording is damaged: {what}"),
            ReadError::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// A recording in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The header, as it was written.
    pub header: Value,
    /// The events, in order.
    pub events: Vec<Stamped>,
    /// Whether the end is missing: the writer crashed, is still writing, or the file was cut.
    pub truncated: bool,
}

impl Recording {
    /// Reads a recording. A missing end is not an error, see [`Recording::truncated`].
    pub fn read(mut input: impl Read) -> Result<Recording, ReadError> {
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).map_err(ReadError::Io)?;
        Recording::decode(&bytes)
    }

    /// Reads the recording in a file.
    pub fn open(path: impl AsRef<std::path::Path>) -> Result<Recording, ReadError> {
        Recording::decode(&std::fs::read(path).map_err(ReadError::Io)?)
    }

    /// Decodes a whole file.
    pub fn decode(bytes: &[u8]) -> Result<Recording, ReadError> {
        let rest = bytes.strip_prefix(&MAGIC).ok_or(ReadError::NotARecording)?;
        let (version, rest) = take_u32(rest).ok_or(ReadError::BrokenHeader)?;
        if version != SCHEMA_VERSION {
            return Err(ReadError::WrongVersion(version));
        }
        let (length, rest) = take_u32(rest).ok_or(ReadError::BrokenHeader)?;
        if length > FRAME_LIMIT || rest.len() < length as usize {
            return Err(ReadError::BrokenHeader);
        }
        let (header, mut rest) = rest.split_at(length as usize);
        let header = serde_json::from_slice(header).map_err(|_| ReadError::BrokenHeader)?;
        let mut recording = Recording { header, events: Vec::new(), truncated: true };
        while let Some((stored, after)) = take_u32(rest) {
            if stored == 0 {
                recording.truncated = false;
                break;
            }
            let words = take_u32(after).and_then(|(length, rest)| {
                let (events, rest) = take_u32(rest)?;
                let (sum, rest) = take_u32(rest)?;
                Some((length, events, sum, rest))
            });
            let Some((length, events, sum, after)) = words else { break };
            if stored > FRAME_LIMIT || length > FRAME_LIMIT {
                return Err(recording.broken_block(&format!("a block of {length} bytes")));
            }
            let Some((block, after)) = after.split_at_checked(stored as usize) else { break };
            if check(block) != sum {
                return Err(recording.broken_block("its check sum is wrong"));
            }
            let raw = lz4_flex::block::decompress(block, length as usize);
            let raw = raw.map_err(|error| recording.broken_block(&error.to_string()))?;
            if raw.len() != length as usize {
                return Err(recording.broken_block("its length is wrong"));
            }
            recording.decode_block(&raw, events)?;
            rest = after;
        }
        recording.events.sort_by_key(|stamped| stamped.time_ns);
        Ok(recording)
    }

    fn decode_block(&mut self, mut raw: &[u8], events: u32) -> Result<(), ReadError> {
        let mut time_ns = 0u64;
        for _ in 0..events {
            let decoded = postcard::take_from_bytes::<(i64, u32, Event)>(raw);
            let ((delta, skipped, event), rest) = decoded.map_err(|error| self.broken_block(&error.to_string()))?;
            time_ns = time_ns.wrapping_add(delta as u64);
            self.events.push(Stamped { time_ns, skipped, event });
            raw = rest;
        }
        Ok(())
    }

    fn broken_block(&self, what: &str) -> ReadError {
        ReadError::BrokenBlock(format!("event {}: {what}", self.events.len()))
    }
}

fn take_u32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (word, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*word), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::{FixedClock, Recorder};
    use crate::vocab::{FunctionId, Tier};
    use std::cell::RefCell;
    use std::rc::Rc;

    fn sample(index: u64) -> Stamped {
        let event = Event::CompileFinished {
            compile: crate::vocab::CompileId::from_u32(index as u32),
            function: FunctionId::from_u32(3),
            tier: Tier::Optimized,
            osr_offset: Some(12),
            bytecodes: 30,
            inlined_bytecodes: 0,
            nodes_in: 100,
            nodes_out: 60,
            guards: 4,
            code_bytes: 512,
            exit_bytes: 90,
            guards_by_reason: Vec::new(),
            passes: vec![super::super::PassTime { name: "gvn".into(), ns: 1_000, insts_in: 100, insts_out: 90 }],
            ns: 5_000,
        };
        Stamped { time_ns: index * 10, skipped: 0, event }
    }

    fn recording(count: u64, limit: u64, keep: RecordKeep) -> Vec<u8> {
        let mut bytes = Vec::new();
        let header = header("a.js", &[], &Config { deterministic: true, ..Config::default() });
        let mut writer = Writer::new(&mut bytes, &header, Bounds { events: limit, bytes: 1 << 20, keep }).unwrap();
        (0..count).for_each(|index| writer.write(&sample(index)));
        let ended = Event::RecordingEnded { recorded: count, dropped: 0, sampled_out: 0 };
        writer.write(&Stamped { time_ns: 999, skipped: 0, event: ended });
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn what_is_written_is_read() {
        let read = Recording::decode(&recording(3, 100, RecordKeep::First)).unwrap();
        assert!(!read.truncated);
        assert_eq!(read.header["program"], "a.js");
        assert_eq!(read.events[..3], [sample(0), sample(1), sample(2)]);
        assert_eq!(read.events[3].event, Event::RecordingEnded { recorded: 3, dropped: 0, sampled_out: 0 });
    }

    #[test]
    fn every_cut_of_the_file_gives_the_whole_blocks_before_it() {
        let bytes = recording(3, 100, RecordKeep::First);
        let mut seen = Vec::new();
        for end in 0..bytes.len() {
            match Recording::decode(&bytes[..end]) {
                Ok(read) => {
                    assert!(read.truncated, "cut at {end}");
                    assert!(read.events.iter().zip(0..).take(3).all(|(event, index)| *event == sample(index)));
                    seen.push(read.events.len());
                }
                Err(ReadError::NotARecording) => assert!(end < 8),
                Err(ReadError::BrokenHeader) => assert!(seen.is_empty()),
                Err(other) => panic!("cut at {end}: {other}"),
            }
        }
        assert!(seen.is_sorted() && seen.first() == Some(&0) && seen.last() == Some(&4));
    }

    #[test]
    fn a_full_recording_counts_what_it_lost() {
        let first = Recording::decode(&recording(5, 2, RecordKeep::First)).unwrap();
        assert_eq!(first.events[..2], [sample(0), sample(1)]);
        assert_eq!(first.events[2].event, Event::RecordingEnded { recorded: 2, dropped: 3, sampled_out: 0 });
        let last = Recording::decode(&recording(5, 2, RecordKeep::Last)).unwrap();
        assert_eq!(last.events[..2], [sample(3), sample(4)]);
        assert_eq!(last.events[2].event, Event::RecordingEnded { recorded: 2, dropped: 3, sampled_out: 0 });
    }

    #[test]
    fn a_storm_does_not_push_out_the_end_of_the_run() {
        let collected =
            Event::GarbageCollected { kind: crate::vocab::GcKind::Young, pause_ns: 0, live_bytes: 0, freed_bytes: 0 };
        let run_ended = Event::RunEnded { exit_code: 0, heap_bytes: 0, cache_bytes: [0; 3] };
        let mut bytes = Vec::new();
        let mut writer =
            Writer::new(&mut bytes, &json!({}), Bounds { events: 4, bytes: 1 << 20, keep: RecordKeep::First }).unwrap();
        let mut write = |event: &Event| writer.write(&Stamped { time_ns: 0, skipped: 0, event: event.clone() });
        (0..9).for_each(|_| write(&collected));
        (0..9).for_each(|_| write(&Event::Mark { name: "m".into() }));
        write(&run_ended);
        writer.finish().unwrap();
        let events = Recording::decode(&bytes).unwrap().events;
        let names: Vec<&str> = events.iter().map(|stamped| stamped.event.name()).collect();
        let gc = "garbage_collected";
        assert_eq!(names, [gc, gc, gc, gc, "mark", "run_ended"]);
    }

    #[test]
    fn damage_is_an_error_not_a_guess() {
        let mut bytes = recording(2, 10, RecordKeep::First);
        let header_end = 16 + u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
        bytes[header_end + 6] = 0xff;
        assert!(matches!(Recording::decode(&bytes), Err(ReadError::BrokenBlock(_))));
        bytes[8] = 99;
        assert!(Recording::decode(&bytes).unwrap_err().to_string().contains("schema version 99"));
        assert!(matches!(Recording::decode(b"JFR"), Err(ReadError::NotARecording)));
    }

    #[test]
    fn a_deterministic_header_names_neither_host_nor_time() {
        let header = header("a.js", &[], &Config { deterministic: true, ..Config::default() });
        assert!(header.get("host").is_none() && header.get("started_unix_ms").is_none());
        let other = super::header("a.js", &[], &Config::default());
        assert!(other.get("host").is_some() && other.get("started_unix_ms").is_some());
    }

    #[test]
    fn the_writer_subscribes_to_a_recorder() {
        let bytes = Rc::new(RefCell::new(Vec::new()));
        struct Shared(Rc<RefCell<Vec<u8>>>);
        impl Write for Shared {
            fn write(&mut self, data: &[u8]) -> io::Result<usize> {
                self.0.borrow_mut().write(data)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut writer = Writer::new(Shared(bytes.clone()), &json!({}), Bounds::of(&Config::default())).unwrap();
        let mut recorder = Recorder::off();
        recorder.subscribe(Box::new(move |stamped| writer.write(stamped)));
        recorder.emit(&FixedClock(4), || sample(0).event);
        recorder.finish(&FixedClock(5));
        let read = Recording::decode(&bytes.borrow()).unwrap();
        assert_eq!(read.events.len(), 2);
        assert_eq!(read.events[0].time_ns, 4);
    }
}
