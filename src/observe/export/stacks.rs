//! Sampled stacks: for speedscope, and as one line per stack.
//!
//! A frame's name carries its tier's mark as V8 and perf maps write it (`~` interpreter, `^` baseline, `*` optimized) and
//! `(inlined)` where it has no frame of its own. What the processor did besides running the program's code stands as an
//! innermost frame in brackets: `[gc]`, `[compiler]`, `[runtime]`. A recording without samples gives an empty profile.

use crate::events::{Event, SampledFrame};
use crate::observe::model::Model;
use crate::observe::names::Names;
use crate::vocab::{Room, Tier};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

/// Name of a frame, with its mark.
pub fn frame_name(names: &Names, frame: &SampledFrame) -> String {
    let known = names.get(frame.site.function);
    let line = known.map_or(0, |known| known.line);
    let inlined = if frame.inlined { " (inlined)" } else { "" };
    let (name, file) = (names.name(frame.site.function), names.file(frame.site.function));
    format!("{}{name} {file}:{line}{inlined}", frame.tier.mark())
}

/// What stands for a room at the innermost end, if anything does.
pub fn room_name(room: Room) -> Option<&'static str> {
    match room {
        Room::Interpreter | Room::Compiled => None,
        Room::Runtime => Some("[runtime]"),
        Room::Compiler => Some("[compiler]"),
        Room::Collector => Some("[gc]"),
    }
}

/// The tier that a frame's name is marked with.
pub fn tier_of(name: &str) -> Option<Tier> {
    let marks = [Tier::Interpreter, Tier::BaselineProfiling, Tier::Optimized];
    marks.into_iter().find(|tier| name.starts_with(tier.mark()))
}

/// A sampled stack as names, outermost frame first.
pub fn stack_of(names: &Names, room: Room, frames: &[SampledFrame]) -> Vec<String> {
    let mut stack: Vec<String> = frames.iter().rev().map(|frame| frame_name(names, frame)).collect();
    stack.extend(room_name(room).map(str::to_string));
    stack
}

/// Every stack with the periods that were spent in it, outermost frame first.
pub fn folded(model: &Model) -> BTreeMap<Vec<String>, u64> {
    let mut stacks = BTreeMap::new();
    for stamped in &model.recording.events {
        let Event::Sampled { room, periods, frames, .. } = &stamped.event else { continue };
        let stack = stack_of(&model.names, *room, frames);
        *stacks.entry(stack).or_default() += u64::from(*periods) * stamped.weight();
    }
    stacks
}

/// One line per stack: frames separated by `;`, then the number of periods.
pub fn collapsed(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    for (stack, periods) in folded(model) {
        let frames: Vec<String> = stack.iter().map(|frame| frame.replace(';', ":")).collect();
        writeln!(out, "{} {periods}", if frames.is_empty() { "[petrel]".to_string() } else { frames.join(";") })?;
    }
    Ok(())
}

/// speedscope's own file format: a sampled profile, in the order of time.
pub fn speedscope(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let mut index: HashMap<String, usize> = HashMap::new();
    let (mut frames, mut samples, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    let mut total = 0;
    for stamped in &model.recording.events {
        let Event::Sampled { room, periods, period_ns, frames: stack } = &stamped.event else { continue };
        let mut sample = Vec::new();
        let mut push = |name: String, file: &str, line: u32| {
            let next = frames.len();
            let at = *index.entry(name.clone()).or_insert(next);
            if at == next {
                frames.push(json!({ "name": name, "file": file, "line": line }));
            }
            sample.push(at);
        };
        for frame in stack.iter().rev() {
            let line = model.names.get(frame.site.function).map_or(0, |known| known.line);
            push(frame_name(&model.names, frame), model.names.path(frame.site.function), line);
        }
        if let Some(name) = room_name(*room) {
            push(name.to_string(), "", 0);
        }
        let weight = u64::from(*periods) * stamped.weight() * period_ns;
        total += weight;
        samples.push(sample);
        weights.push(weight);
    }
    let profile = json!({
        "type": "sampled", "name": model.program(), "unit": "nanoseconds",
        "startValue": 0, "endValue": total, "samples": samples, "weights": weights,
    });
    let file = json!({
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "exporter": concat!("petrel@", env!("CARGO_PKG_VERSION")),
        "name": model.program(),
        "activeProfileIndex": 0,
        "shared": { "frames": frames },
        "profiles": [profile],
    });
    writeln!(out, "{file}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;

    fn recording() -> Recording {
        let mut events = samples::functions();
        events.extend(samples::sampled());
        Recording { header: json!({ "program": "late.js" }), events, truncated: false }
    }

    #[test]
    fn stacks_are_marked_by_tier() {
        let recording = recording();
        let mut text = Vec::new();
        collapsed(&Model::of(&recording), &mut text).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "*coldest late.js:22;*score late.js:18 (inlined) 3\n~coldest late.js:22;[gc] 1\n"
        );
        assert_eq!(tier_of("*coldest"), Some(Tier::Optimized));
        assert_eq!(tier_of("[gc]"), None);
    }

    #[test]
    fn speedscope_weights_add_up() {
        let recording = recording();
        let mut text = Vec::new();
        speedscope(&Model::of(&recording), &mut text).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(json["profiles"][0]["endValue"], 4_000_000);
        assert_eq!(json["profiles"][0]["samples"][0], json!([0, 1]));
    }
}
