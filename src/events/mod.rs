//! Events: what a run tells about itself, and how that is kept.
//!
//! ```text
//!  engine ──emit──▶ Recorder ──▶ subscribers (renderers that run online: --trace-deopt, --stats, ...)
//!                       │
//!                       ├──────▶ ring in memory (the last or the first events, bounded)
//!                       └──────▶ codec::Writer ──▶ FILE ──▶ codec::Recording ──▶ the same renderers, later
//! ```
//!
//! | file | what |
//! |---|---|
//! | `event.rs` | one closed enum, plain data, one row per event with its documentation |
//! | `recorder.rs` | sampling, bounds, drop counts, subscribers; a bool test when nobody listens |
//! | `codec.rs` | the file format: versioned, streamed, readable after a crash |
//!
//! Everything that Petrel shows is computed from events, so that any report can be made again from a recording.

pub mod codec;
mod event;
mod recorder;

pub use event::{
    Event, EventRow, FieldRow, Frequency, GuardCount, OriginStep, PassTime, SCHEMA_VERSION, SampledFrame,
    SlotTranslation, SourceSite, Stamped,
};
pub use recorder::{EventClock, FixedClock, Recorder, RecorderCounts, Subscriber, collector};
