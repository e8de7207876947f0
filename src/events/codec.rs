//! The file format of recordings.
//!
//! ```text
//! "PETREL\r\n"            8 bytes; a transfer that mangles line ends is noticed
//! u32 LE schema version
//! u32 LE length, header   JSON: engine, program, config, and outside of deterministic mode host and time
//! frame*                  u32 LE length (never 0), postcard of one `Stamped`
//! u32 LE 0                end of the recording; its absence means that the writer did not come to its end
//! ```
//!
//! The writer streams: what was flushed before a crash is readable after it. The reader takes what is whole and says
//! whether the end was missing. A recording made in deterministic mode contains nothing that differs from run to run.

use super::event::{Event, Frequency, SCHEMA_VERSION, Stamped};
use crate::config::{Config, RecordKeep};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use std::io::{self, Read, Write};

/// First bytes of every recording.
pub const MAGIC: [u8; 8] = *b"PETREL\r\n";

/// Largest header or frame that a reader accepts; the writer never comes near.
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

/// Writes a recording to a stream, up to a number of events.
///
/// With [`RecordKeep::First`] frames are written as they come and later ones are counted; a quarter more than the limit
/// is set aside for events that are not frequent, and the end of the run is always written, so that a storm of deopts
/// does not hide what came of it. With [`RecordKeep::Last`] frames are held back, and the last ones are written at the
/// end. An I/O error ends the writing; it is kept for
/// [`Writer::finish`], since a program must not fail because its recording does.
pub struct Writer<W: Write> {
    out: W,
    limit: u64,
    written: u64,
    dropped: u64,
    held_back: Option<VecDeque<Stamped>>,
    scratch: Vec<u8>,
    error: Option<io::Error>,
}

impl<W: Write> Writer<W> {
    /// Writes magic, version and header.
    pub fn new(mut out: W, header: &Value, limit: u64, keep: RecordKeep) -> io::Result<Writer<W>> {
        let header = serde_json::to_vec(header)?;
        out.write_all(&MAGIC)?;
        out.write_all(&SCHEMA_VERSION.to_le_bytes())?;
        out.write_all(&(header.len() as u32).to_le_bytes())?;
        out.write_all(&header)?;
        let held_back = match keep {
            RecordKeep::First => None,
            RecordKeep::Last => Some(VecDeque::new()),
        };
        Ok(Writer { out, limit, written: 0, dropped: 0, held_back, scratch: Vec::new(), error: None })
    }

    /// Takes over one event. The recorder's own closing event is replaced by one that also counts what this writer
    /// dropped, and it is written even when the recording is full.
    pub fn write(&mut self, stamped: &Stamped) {
        if let Event::RecordingEnded { dropped, sampled_out, .. } = stamped.event {
            self.write_held_back();
            let event = Event::RecordingEnded { recorded: self.written, dropped: dropped + self.dropped, sampled_out };
            self.write_frame(&Stamped { event, ..stamped.clone() });
            return;
        }
        let full = self.is_full_for(&stamped.event);
        match &mut self.held_back {
            Some(ring) => {
                if ring.len() as u64 >= self.limit {
                    ring.pop_front();
                    self.dropped += 1;
                }
                ring.push_back(stamped.clone());
            }
            None if full => self.dropped += 1,
            None => {
                self.written += 1;
                self.write_frame(stamped);
            }
        }
    }

    fn is_full_for(&self, event: &Event) -> bool {
        let reserve = match event.row().frequency {
            Frequency::Frequent => 0,
            Frequency::Rare => self.limit / 4,
        };
        self.written >= self.limit + reserve && !matches!(event, Event::RunEnded { .. })
    }

    fn write_held_back(&mut self) {
        for stamped in self.held_back.take().unwrap_or_default() {
            self.written += 1;
            self.write_frame(&stamped);
        }
    }

    fn write_frame(&mut self, stamped: &Stamped) {
        if self.error.is_some() {
            return;
        }
        self.scratch.clear();
        self.scratch.extend_from_slice(&[0; 4]);
        let buffer = std::mem::take(&mut self.scratch);
        let outcome = postcard::to_extend(stamped, buffer).map_err(io::Error::other).and_then(|mut buffer| {
            let length = (buffer.len() - 4) as u32;
            buffer[..4].copy_from_slice(&length.to_le_bytes());
            self.out.write_all(&buffer)?;
            self.scratch = buffer;
            Ok(())
        });
        self.error = outcome.err();
    }

    /// Hands what was written so far to the operating system.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Writes the end mark; reports the first error of the whole writing.
    pub fn finish(&mut self) -> io::Result<()> {
        self.write_held_back();
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        self.out.write_all(&0u32.to_le_bytes())?;
        self.out.flush()
    }
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
    /// A frame could not be decoded; the text names its position.
    BrokenFrame(String),
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
            ReadError::BrokenFrame(what) => write!(f, "the recording is damaged: {what}"),
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
        while let Some((length, after)) = take_u32(rest) {
            if length == 0 {
                recording.truncated = false;
                break;
            }
            if length > FRAME_LIMIT {
                return Err(recording.broken_frame(&format!("a frame of {length} bytes")));
            }
            if after.len() < length as usize {
                break;
            }
            let (frame, after) = after.split_at(length as usize);
            match postcard::from_bytes(frame) {
                Ok(stamped) => recording.events.push(stamped),
                Err(error) => return Err(recording.broken_frame(&error.to_string())),
            }
            rest = after;
        }
        Ok(recording)
    }

    fn broken_frame(&self, what: &str) -> ReadError {
        ReadError::BrokenFrame(format!("event {}: {what}", self.events.len()))
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
            passes: vec![super::super::PassTime { name: "gvn".into(), ns: 1_000 }],
            ns: 5_000,
        };
        Stamped { time_ns: index * 10, skipped: 0, event }
    }

    fn recording(count: u64, limit: u64, keep: RecordKeep) -> Vec<u8> {
        let mut bytes = Vec::new();
        let header = header("a.js", &[], &Config { deterministic: true, ..Config::default() });
        let mut writer = Writer::new(&mut bytes, &header, limit, keep).unwrap();
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
    fn every_cut_of_the_file_gives_the_whole_events_before_it() {
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
        let mut writer = Writer::new(&mut bytes, &json!({}), 4, RecordKeep::First).unwrap();
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
        assert!(matches!(Recording::decode(&bytes), Err(ReadError::BrokenFrame(_))));
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
        let mut writer = Writer::new(Shared(bytes.clone()), &json!({}), 10, RecordKeep::First).unwrap();
        let mut recorder = Recorder::off();
        recorder.subscribe(Box::new(move |stamped| writer.write(stamped)));
        recorder.emit(&FixedClock(4), || sample(0).event);
        recorder.finish(&FixedClock(5));
        let read = Recording::decode(&bytes.borrow()).unwrap();
        assert_eq!(read.events.len(), 2);
        assert_eq!(read.events[0].time_ns, 4);
    }
}
