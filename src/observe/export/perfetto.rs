//! Perfetto's native format: the picture of `slices.rs` as a stream of protobuf packets.
//!
//! The messages below are the part of Perfetto's `trace.proto` that we write, field numbers as there. Names are not
//! interned: a recording is small, and readers treat both alike.

use super::slices::{Form, Mark, Track, picture};
use crate::observe::model::Model;
use prost::Message;
use std::collections::BTreeMap;
use std::io::{self, Write};

#[derive(Clone, PartialEq, Message)]
struct TracePacket {
    #[prost(uint64, optional, tag = "8")]
    timestamp: Option<u64>,
    #[prost(uint32, optional, tag = "10")]
    trusted_packet_sequence_id: Option<u32>,
    #[prost(message, optional, tag = "11")]
    track_event: Option<TrackEvent>,
    #[prost(uint32, optional, tag = "13")]
    sequence_flags: Option<u32>,
    #[prost(message, optional, tag = "60")]
    track_descriptor: Option<TrackDescriptor>,
}

#[derive(Clone, PartialEq, Message)]
struct TrackDescriptor {
    #[prost(uint64, optional, tag = "1")]
    uuid: Option<u64>,
    #[prost(string, optional, tag = "2")]
    name: Option<String>,
    #[prost(message, optional, tag = "3")]
    process: Option<ProcessDescriptor>,
    #[prost(message, optional, tag = "4")]
    thread: Option<ThreadDescriptor>,
    #[prost(uint64, optional, tag = "5")]
    parent_uuid: Option<u64>,
    #[prost(message, optional, tag = "8")]
    counter: Option<CounterDescriptor>,
}

#[derive(Clone, PartialEq, Message)]
struct ProcessDescriptor {
    #[prost(int32, optional, tag = "1")]
    pid: Option<i32>,
    #[prost(string, optional, tag = "6")]
    process_name: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
struct ThreadDescriptor {
    #[prost(int32, optional, tag = "1")]
    pid: Option<i32>,
    #[prost(int32, optional, tag = "2")]
    tid: Option<i32>,
    #[prost(string, optional, tag = "5")]
    thread_name: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
struct CounterDescriptor {}

#[derive(Clone, PartialEq, Message)]
struct TrackEvent {
    #[prost(message, repeated, tag = "4")]
    debug_annotations: Vec<DebugAnnotation>,
    #[prost(enumeration = "Kind", optional, tag = "9")]
    r#type: Option<i32>,
    #[prost(uint64, optional, tag = "11")]
    track_uuid: Option<u64>,
    #[prost(string, repeated, tag = "22")]
    categories: Vec<String>,
    #[prost(string, optional, tag = "23")]
    name: Option<String>,
    #[prost(int64, optional, tag = "30")]
    counter_value: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
enum Kind {
    Unspecified = 0,
    SliceBegin = 1,
    SliceEnd = 2,
    Instant = 3,
    Counter = 4,
}

#[derive(Clone, PartialEq, Message)]
struct DebugAnnotation {
    #[prost(string, optional, tag = "6")]
    string_value: Option<String>,
    #[prost(string, optional, tag = "10")]
    name: Option<String>,
}

/// All packets are of one sequence, whose state begins with the first.
const SEQUENCE: u32 = 1;
const STATE_CLEARED: u32 = 1;
/// Track of the process; those of its threads follow, then those of counters.
const PROCESS_TRACK: u64 = 1;
const FIRST_COUNTER_TRACK: u64 = 1000;

/// Writes one packet: field 1 of the `Trace` message.
fn put(out: &mut dyn Write, packet: TracePacket) -> io::Result<()> {
    let bytes = packet.encode_to_vec();
    let mut framed = Vec::with_capacity(bytes.len() + 6);
    framed.push(0x0a);
    prost::encoding::encode_varint(bytes.len() as u64, &mut framed);
    framed.extend(bytes);
    out.write_all(&framed)
}

fn descriptor(track: TrackDescriptor) -> TracePacket {
    TracePacket { trusted_packet_sequence_id: Some(SEQUENCE), track_descriptor: Some(track), ..TracePacket::default() }
}

fn event(time_ns: u64, track_event: TrackEvent) -> TracePacket {
    TracePacket {
        timestamp: Some(time_ns),
        trusted_packet_sequence_id: Some(SEQUENCE),
        track_event: Some(track_event),
        ..TracePacket::default()
    }
}

/// Writes it.
pub fn write(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let pid = model.process() as i32;
    let mut process = descriptor(TrackDescriptor {
        uuid: Some(PROCESS_TRACK),
        process: Some(ProcessDescriptor { pid: Some(pid), process_name: Some(format!("petrel {}", model.program())) }),
        ..TrackDescriptor::default()
    });
    process.sequence_flags = Some(STATE_CLEARED);
    put(out, process)?;
    let picture = picture(model);
    for row in picture.rows {
        let tid = if row.number == Track::Program.number() { pid } else { pid + row.number as i32 };
        let thread = ThreadDescriptor { pid: Some(pid), tid: Some(tid), thread_name: Some(row.name) };
        put(
            out,
            descriptor(TrackDescriptor {
                uuid: Some(track_uuid(row.number)),
                parent_uuid: Some(PROCESS_TRACK),
                thread: Some(thread),
                ..TrackDescriptor::default()
            }),
        )?;
    }
    let mut counters: BTreeMap<String, u64> = BTreeMap::new();
    for mark in picture.marks {
        match mark.form {
            Form::Counter(value) => {
                let next = FIRST_COUNTER_TRACK + counters.len() as u64;
                let uuid = match counters.get(&mark.name) {
                    Some(uuid) => *uuid,
                    None => {
                        counters.insert(mark.name.clone(), next);
                        put(
                            out,
                            descriptor(TrackDescriptor {
                                uuid: Some(next),
                                name: Some(mark.name.clone()),
                                parent_uuid: Some(PROCESS_TRACK),
                                counter: Some(CounterDescriptor {}),
                                ..TrackDescriptor::default()
                            }),
                        )?;
                        next
                    }
                };
                let counter = TrackEvent {
                    r#type: Some(Kind::Counter as i32),
                    track_uuid: Some(uuid),
                    counter_value: Some(value),
                    ..TrackEvent::default()
                };
                put(out, event(mark.time_ns, counter))?;
            }
            Form::Instant => put(out, event(mark.time_ns, track_event(mark, Kind::Instant)))?,
            Form::Span(ns) => {
                let (begin, row) = (mark.time_ns, mark.row);
                put(out, event(begin, track_event(mark, Kind::SliceBegin)))?;
                let end = TrackEvent {
                    r#type: Some(Kind::SliceEnd as i32),
                    track_uuid: Some(track_uuid(row)),
                    ..TrackEvent::default()
                };
                put(out, event(begin + ns, end))?;
            }
        }
    }
    Ok(())
}

fn track_uuid(row: u32) -> u64 {
    PROCESS_TRACK + u64::from(row)
}

fn track_event(mark: Mark, kind: Kind) -> TrackEvent {
    let annotation = |(name, value)| DebugAnnotation { name: Some(name), string_value: Some(value) };
    TrackEvent {
        debug_annotations: mark.args.into_iter().map(annotation).collect(),
        r#type: Some(kind as i32),
        track_uuid: Some(track_uuid(mark.row)),
        categories: vec![mark.category.to_string()],
        name: Some(mark.name),
        counter_value: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;

    #[derive(Clone, PartialEq, Message)]
    struct Trace {
        #[prost(message, repeated, tag = "1")]
        packet: Vec<TracePacket>,
    }

    #[test]
    fn packets_come_back() {
        let recording = Recording { header: serde_json::json!({}), events: samples::story(), truncated: false };
        let mut bytes = Vec::new();
        write(&Model::of(&recording), &mut bytes).unwrap();
        let trace = Trace::decode(&bytes[..]).unwrap();
        let events: Vec<&TrackEvent> = trace.packet.iter().filter_map(|packet| packet.track_event.as_ref()).collect();
        let deopt = events.iter().find(|event| event.categories == ["side_exit"]).unwrap();
        assert_eq!(deopt.name.as_deref(), Some("wrong-shape(7)"));
        assert_eq!(deopt.debug_annotations[0].string_value.as_deref(), Some("score late.js:19:16"));
        let kinds = |kind: Kind| events.iter().filter(|event| event.r#type == Some(kind as i32)).count();
        assert_eq!(kinds(Kind::SliceBegin), kinds(Kind::SliceEnd));
    }
}
