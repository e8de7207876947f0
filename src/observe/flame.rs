//! Flame graphs of sampled stacks, coloured by tier: red is interpreted, orange baseline, green optimized, so that a
//! deopt loop shows as a wide red or orange frame where a green one should be. A differential flame graph of two
//! recordings shows what grew (red) and what shrank (blue). Drawn by the crate `inferno`.

use super::export::{folded, tier_of};
use super::model::Model;
use crate::vocab::Tier;
use inferno::flamegraph::color::PaletteMap;
use inferno::flamegraph::{Options, from_lines};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What a recording without samples is answered with.
pub const NO_SAMPLES: &str = "the recording has no samples; record it with --profile";

/// Colour of the frame of everything, which has no name and no tier.
const ROOT: (u8, u8, u8) = (214, 214, 214);

/// Colour of a frame: red, green, blue.
fn colour(frame: &str) -> (u8, u8, u8) {
    match tier_of(frame) {
        Some(Tier::Interpreter) => (224, 90, 78),
        Some(Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling) => (240, 170, 60),
        Some(Tier::Optimized) if frame.ends_with("(inlined)") => (130, 196, 150),
        Some(Tier::Optimized) => (76, 159, 112),
        None => match frame {
            "[gc]" => (150, 150, 150),
            "[compiler]" => (90, 130, 200),
            _another_room => (160, 120, 190),
        },
    }
}

/// The stacks in the form that flame graph tools read.
fn lines(stacks: &BTreeMap<Vec<String>, u64>) -> Vec<String> {
    let line = |(stack, periods): (&Vec<String>, &u64)| {
        let frames: Vec<String> = stack.iter().map(|frame| frame.replace(';', ":")).collect();
        format!("{} {periods}", frames.join(";"))
    };
    stacks.iter().filter(|(stack, _)| !stack.is_empty()).map(line).collect()
}

fn options<'a>(title: String, subtitle: &str) -> Options<'a> {
    let mut options = Options::default();
    options.title = title;
    options.subtitle = Some(subtitle.to_string());
    options.count_name = "periods".to_string();
    options.font_size = 12;
    options.min_width = 0.1;
    options
}

/// Draws the samples of a recording as SVG.
///
/// # Errors
/// Those of the writer, and if there are no samples.
pub fn draw(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let stacks = folded(model);
    let lines = lines(&stacks);
    if lines.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, NO_SAMPLES));
    }
    let mut frames: Vec<&String> = stacks.keys().flatten().collect();
    frames.sort();
    frames.dedup();
    let entry = |(name, (red, green, blue)): (String, (u8, u8, u8))| format!("{name}->rgb({red},{green},{blue})\n");
    let coloured = frames.iter().map(|frame| (frame.replace(';', ":"), colour(frame)));
    let palette: String = std::iter::once((String::new(), ROOT)).chain(coloured).map(entry).collect();
    let mut palette = PaletteMap::from_reader(&mut palette.as_bytes())?;
    let policy = model.recording.header["policy"].as_str().unwrap_or("?");
    let mut options = options(
        format!("{}, policy {policy}", model.program()),
        "~ interpreter: red · ^ baseline: orange · * optimized: green, inlined: light · [gc] grey · [compiler] blue",
    );
    options.palette_map = Some(&mut palette);
    from_lines(&mut options, lines.iter().map(String::as_str), Inspected(out)).map_err(io::Error::other)
}

/// Draws what changed from one recording to the other.
///
/// # Errors
/// Those of the writer, and if one of them has no samples.
pub fn draw_difference(before: &Model, after: &Model, out: &mut dyn Write) -> io::Result<()> {
    let (old, new) = (folded(before), folded(after));
    if old.is_empty() || new.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, NO_SAMPLES));
    }
    // Both runs count as equally long: what is compared is shares.
    let scale = |stacks: &BTreeMap<Vec<String>, u64>, stack: &Vec<String>| {
        let total: u64 = stacks.values().sum();
        stacks.get(stack).map_or(0, |periods| periods * 100_000 / total.max(1))
    };
    let mut stacks: Vec<&Vec<String>> = old.keys().chain(new.keys()).filter(|stack| !stack.is_empty()).collect();
    stacks.sort();
    stacks.dedup();
    let lines: Vec<String> = stacks
        .iter()
        .map(|stack| {
            let frames: Vec<String> = stack.iter().map(|frame| frame.replace(';', ":")).collect();
            format!("{} {} {}", frames.join(";"), scale(&old, stack), scale(&new, stack))
        })
        .collect();
    let title = format!("{} against {}", after.program(), before.program());
    let mut options =
        options(title, "red: larger share than before · blue: smaller · widths are the second recording's");
    options.count_name = "thousandths of a percent".to_string();
    from_lines(&mut options, lines.iter().map(String::as_str), Inspected(out)).map_err(io::Error::other)
}

/// A writer that can be passed by value.
struct Inspected<'a>(&'a mut dyn Write);

impl Write for Inspected<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A function's share of two recordings, in hundredths of a percent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The innermost frame, with its tier's mark.
    pub frame: String,
    /// Share before.
    pub before: u64,
    /// Share after.
    pub after: u64,
}

/// What changed, by innermost frame, the largest change first.
pub fn changes(before: &Model, after: &Model) -> Vec<Change> {
    let shares = |model: &Model| {
        let mut shares: BTreeMap<String, u64> = BTreeMap::new();
        for (stack, periods) in folded(model) {
            *shares.entry(stack.last().cloned().unwrap_or_default()).or_default() += periods;
        }
        let total: u64 = shares.values().sum();
        shares.values_mut().for_each(|share| *share = *share * 10_000 / total.max(1));
        shares
    };
    let (old, new) = (shares(before), shares(after));
    let mut frames: Vec<&String> = old.keys().chain(new.keys()).collect();
    frames.sort();
    frames.dedup();
    let share = |shares: &BTreeMap<String, u64>, frame: &String| shares.get(frame).copied().unwrap_or_default();
    let mut changes: Vec<Change> = frames
        .into_iter()
        .map(|frame| Change { frame: frame.clone(), before: share(&old, frame), after: share(&new, frame) })
        .collect();
    changes.sort_by_key(|change| (std::cmp::Reverse(change.before.abs_diff(change.after)), change.frame.clone()));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;

    fn recording(sampled: bool) -> Recording {
        let mut events = samples::functions();
        if sampled {
            events.extend(samples::sampled());
        }
        Recording { header: serde_json::json!({ "program": "late.js", "policy": "naive" }), events, truncated: false }
    }

    #[test]
    fn frames_have_the_colour_of_their_tier() {
        let recording = recording(true);
        let mut svg = Vec::new();
        draw(&Model::of(&recording), &mut svg).unwrap();
        let svg = String::from_utf8(svg).unwrap();
        for part in ["*coldest late.js:22", "rgb(76,159,112)", "rgb(224,90,78)", "[gc]", "policy naive"] {
            assert!(svg.contains(part), "{part}");
        }
        let root = svg.split("<title>all (").nth(1).unwrap().split("/>").next().unwrap();
        assert!(root.contains("rgb(214,214,214)"), "{root}");
    }

    #[test]
    fn no_samples_no_picture() {
        let recording = recording(false);
        let error = draw(&Model::of(&recording), &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), NO_SAMPLES);
    }

    #[test]
    fn changes_are_shares() {
        let (before, mut after) = (recording(true), recording(true));
        after.events.pop();
        let (before, after) = (Model::of(&before), Model::of(&after));
        let changes = changes(&before, &after);
        assert_eq!(changes[0], Change { frame: "*score late.js:18 (inlined)".into(), before: 7_500, after: 10_000 });
        let mut svg = Vec::new();
        draw_difference(&before, &after, &mut svg).unwrap();
        assert!(svg.starts_with(b"<?xml"));
    }
}
