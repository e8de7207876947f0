//! V8's log, in two dialects.
//!
//! Lines are comma-separated without quoting. The *legacy* dialect is what v8-deopt-viewer and deoptigate understand: tag
//! `LazyCompile`, kinds `eager`, `lazy`, `soft`, a mark among `~`, none and `*`, inline caches without a time. The *modern* one is what V8 writes today: tag
//! `JS`, kinds `deopt-eager` and so on. Inline caches and deopts must point into code that was created before: each
//! function gets a range of its own for the interpreter, from a made-up region, and compiled code its own addresses.

use crate::events::{Event, SourceSite};
use crate::observe::model::Model;
use crate::vocab::{FunctionId, SiteKind, SiteState, Tier, TransitionKind};
use std::collections::HashSet;
use std::io::{self, Write};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Modern,
    Legacy,
}

/// Where the made-up code of the interpreter begins.
const INTERPRETED: u64 = 0x1000_0000_0000;
/// Bytes of it per function.
const INTERPRETED_BYTES: u64 = 0x1_0000;
/// Where functions' descriptions would be.
const SHARED_INFOS: u64 = 0x2000_0000_0000;
/// Where maps would be.
const MAPS: u64 = 0x3000_0000_0000;
/// Where code is in a recording without addresses.
const NO_BASE: u64 = 0x4000_0000_0000;

/// As modern V8 writes it.
pub fn modern(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    Log { model, dialect: Dialect::Modern }.write(out)
}

/// As older tools read it.
pub fn legacy(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    Log { model, dialect: Dialect::Legacy }.write(out)
}

struct Log<'a> {
    model: &'a Model<'a>,
    dialect: Dialect,
}

/// A field of a log line: what would break the line is escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ',' => out.push_str("\\x2C"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\x{:02X}", c as u32)),
            c if (c as u32) < 0x7f => out.push(c),
            c => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04X}"))),
        }
    }
    out
}

fn interpreted_start(function: FunctionId) -> u64 {
    INTERPRETED + u64::from(function.as_u32()) * INTERPRETED_BYTES
}

impl Log<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        match self.dialect {
            Dialect::Modern => writeln!(out, "v8-version,14,6,202,34,-petrel.1,0")?,
            Dialect::Legacy => writeln!(out, "v8-version,8,4,371,19,-petrel.1,0")?,
        }
        // Maps must be created before anything speaks of them.
        let mut maps = HashSet::new();
        for stamped in &self.model.recording.events {
            let us = stamped.time_ns / 1_000;
            match &stamped.event {
                Event::FunctionRegistered { function, .. } => {
                    self.creation(
                        out,
                        us,
                        *function,
                        interpreted_start(*function),
                        INTERPRETED_BYTES,
                        Tier::Interpreter,
                        false,
                    )?;
                }
                Event::CodeInstalled { function: Some(function), tier, osr_offset, region_offset, bytes, .. } => {
                    let start = self.address(*region_offset);
                    self.creation(out, us, *function, start, u64::from(*bytes), *tier, osr_offset.is_some())?;
                }
                Event::FeedbackChanged { site, kind, from, to, key, seen } => {
                    self.inline_cache(out, us, site, *kind, *from, *to, key, seen)?;
                }
                Event::Deoptimized { .. } => self.deopt(out, us, &stamped.event)?,
                Event::ShapeTransition { from, to, kind, key, shape, site, .. } => {
                    let id = |shape: u32| MAPS + u64::from(shape) * 0x40;
                    for (map, text) in [(from, "a shape"), (to, shape.as_str())] {
                        if maps.insert(*map) {
                            writeln!(out, "map-create,{us},{:#x}", id(map.as_u32()))?;
                            writeln!(out, "map-details,{us},{:#x},{}", id(map.as_u32()), escaped(text))?;
                        }
                    }
                    let what = match kind {
                        TransitionKind::AddProperty
                        | TransitionKind::Reconfigure
                        | TransitionKind::ChangePrototype
                        | TransitionKind::ElementsKind
                        | TransitionKind::Integrity => "Transition",
                        TransitionKind::ToDictionary => "NormalizeProperties",
                    };
                    let (pc, line, column) = site
                        .as_ref()
                        .map_or((0, 0, 0), |s| (interpreted_start(s.function) + u64::from(s.offset), s.line, s.column));
                    writeln!(
                        out,
                        "map,{what},{us},{:#x},{:#x},{pc:#x},{line},{column},,{}",
                        id(from.as_u32()),
                        id(to.as_u32()),
                        escaped(key),
                    )?;
                }
                _other_events => {}
            }
        }
        Ok(())
    }

    fn address(&self, region_offset: u64) -> u64 {
        (if self.model.region_base == 0 { NO_BASE } else { self.model.region_base }) + region_offset
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of one line")]
    fn creation(
        &self,
        out: &mut dyn Write,
        us: u64,
        function: FunctionId,
        start: u64,
        bytes: u64,
        tier: Tier,
        osr: bool,
    ) -> io::Result<()> {
        let known = self.model.names.get(function);
        let (line, column) = known.map_or((1, 1), |known| (known.line, known.column));
        // An anonymous function's name is empty; the space stays.
        let name = known.map(|known| known.name.as_str()).filter(|name| *name != "(anonymous)").unwrap_or_default();
        let tag = match self.dialect {
            Dialect::Modern => "JS",
            Dialect::Legacy => "LazyCompile",
        };
        let kind = match tier {
            Tier::Interpreter => 10,
            Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling => 11,
            Tier::Optimized => 13,
        };
        let mark = match (self.dialect, osr) {
            (Dialect::Modern, true) => format!("o{}", tier.mark()),
            (Dialect::Modern, false) => tier.mark().to_string(),
            // Baseline code was unheard of: compiled, and that was that.
            (Dialect::Legacy, _) => tier.mark().replace('^', ""),
        };
        let path = self.model.names.path(function);
        let shared_info = SHARED_INFOS + u64::from(function.as_u32()) * 0x40;
        writeln!(
            out,
            "code-creation,{tag},{kind},{us},{start:#x},{bytes},{} {}:{line}:{column},{shared_info:#x},{mark}",
            escaped(name),
            escaped(path),
        )
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of one line")]
    fn inline_cache(
        &self,
        out: &mut dyn Write,
        us: u64,
        site: &SourceSite,
        kind: SiteKind,
        from: SiteState,
        to: SiteState,
        key: &str,
        seen: &str,
    ) -> io::Result<()> {
        let name = match kind {
            SiteKind::LoadNamed | SiteKind::LoadGlobal => "LoadIC",
            SiteKind::StoreNamed => "StoreIC",
            SiteKind::LoadKeyed | SiteKind::Iterate => "KeyedLoadIC",
            SiteKind::StoreKeyed => "KeyedStoreIC",
            // V8 logs no feedback of calls and operators.
            SiteKind::Call | SiteKind::Construct | SiteKind::Operation | SiteKind::Compare => return Ok(()),
        };
        let pc = interpreted_start(site.function) + u64::from(site.offset);
        let digits: String = seen.trim_start_matches("shape").chars().take_while(char::is_ascii_digit).collect();
        let map = digits.parse::<u64>().map_or(0, |shape| MAPS + shape * 0x40);
        let time = match self.dialect {
            Dialect::Modern => format!("{us},"),
            Dialect::Legacy => String::new(),
        };
        writeln!(
            out,
            "{name},{pc:#x},{time}{},{},{},{},{map:#x},{},,",
            site.line,
            site.column,
            from.v8_mark(),
            to.v8_mark(),
            escaped(key),
        )
    }

    fn deopt(&self, out: &mut dyn Write, us: u64, event: &Event) -> io::Result<()> {
        let Event::Deoptimized { blob, kind, reason, site, callers, exit, .. } = event else { return Ok(()) };
        let Some(code) = self.model.code.get(blob) else { return Ok(()) };
        let places: Vec<String> = std::iter::once(site)
            .chain(callers)
            .map(|site| format!("<{}:{}:{}>", escaped(self.model.names.path(site.function)), site.line, site.column))
            .collect();
        let kind = match self.dialect {
            Dialect::Modern => format!("deopt-{kind}"),
            Dialect::Legacy => kind.to_string(),
        };
        let inlining = if callers.is_empty() { -1 } else { callers.len() as i64 - 1 };
        writeln!(
            out,
            "code-deopt,{us},{},{:#x},{inlining},{},{kind},{},{}",
            code.bytes,
            self.address(code.offset),
            site.offset + exit.as_u32(),
            places.join(" inlined at "),
            escaped(reason.v8_text()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;

    fn log(write: fn(&Model, &mut dyn Write) -> io::Result<()>) -> String {
        let recording = Recording { header: serde_json::json!({}), events: samples::story(), truncated: false };
        let mut text = Vec::new();
        write(&Model::of(&recording), &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn the_dialects_differ_in_tag_and_kind() {
        let new = log(modern);
        assert!(
            new.contains("code-creation,JS,13,11000,0x400000001000,812,coldest storms/late.js:22:1,0x200000000080,*\n"),
            "{new}"
        );
        assert!(new.contains("code-deopt,12000,812,0x400000001000,0,11,deopt-eager,<storms/late.js:19:16> inlined at <storms/late.js:25:15>,wrong map\n"), "{new}");
        let old = log(legacy);
        assert!(old.contains("code-creation,LazyCompile,10,"), "{old}");
        assert!(old.contains(",eager,<storms/late.js:19:16>"), "{old}");
    }

    #[test]
    fn commas_and_line_ends_cannot_break_a_line() {
        assert_eq!(escaped("a,b\n\\ é\u{1F600}"), "a\\x2Cb\\n\\\\ \\u00E9\\uD83D\\uDE00");
    }
}
