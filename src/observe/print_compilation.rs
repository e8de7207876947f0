//! `--print-compilation`: compiles and discarded code in the format of HotSpot's `-XX:+PrintCompilation`.
//!
//! ```text
//!    time   id %s!bn  level     Class::method [@ osr_bci] (bytes)   message
//!      12    2       4       late::coldest (31 bytes)
//!      15    2       4       late::coldest (31 bytes)   made not entrant
//! ```
//!
//! Time is in milliseconds. Of the five flags only `%` (OSR) and `b` (blocking) have a meaning here; a function's class
//! is its file without the extension, its bytes are bytecodes.

use super::Renderer;
use super::names::Names;
use crate::events::{Event, Stamped};
use crate::vocab::{CompileId, FunctionId, NotEntrantCause, Tier};
use std::io::{self, Write};

/// See the module header.
pub struct PrintCompilation;

fn line(
    names: &Names,
    time_ns: u64,
    compile: CompileId,
    (function, tier, osr_offset): (FunctionId, Tier, Option<u32>),
    message: &str,
) -> String {
    let file = names.file(function);
    let class = file.strip_suffix(".js").unwrap_or(file);
    let osr_flag = if osr_offset.is_some() { '%' } else { ' ' };
    let at = osr_offset.map(|offset| format!(" @ {offset}")).unwrap_or_default();
    let bytes = names.get(function).map_or(0, |known| known.bytecodes);
    let message = if message.is_empty() { String::new() } else { format!("   {message}") };
    format!(
        "{:7} {:4} {osr_flag}     {}       {class}::{}{at} ({bytes} bytes){message}",
        time_ns / 1_000_000,
        compile.as_u32(),
        tier.level(),
        names.name(function),
    )
}

impl Renderer for PrintCompilation {
    fn event(&mut self, names: &Names, stamped: &Stamped, out: &mut dyn Write) -> io::Result<()> {
        let time = stamped.time_ns;
        let text = match &stamped.event {
            Event::CompileStarted { compile, function, tier, osr_offset } => {
                line(names, time, *compile, (*function, *tier, *osr_offset), "")
            }
            Event::CompileRefused { compile, function, tier, osr_offset, reason, .. } => {
                let message = format!("COMPILE SKIPPED: {reason}");
                line(names, time, *compile, (*function, *tier, *osr_offset), &message)
            }
            Event::CodeNotEntrant { compile, function, tier, osr_offset, cause, .. } => match cause {
                NotEntrantCause::Shutdown => return Ok(()),
                NotEntrantCause::Deoptimized
                | NotEntrantCause::Invalidated
                | NotEntrantCause::Replaced
                | NotEntrantCause::Evicted
                | NotEntrantCause::Requested => {
                    line(names, time, *compile, (*function, *tier, *osr_offset), "made not entrant")
                }
            },
            _other_events => return Ok(()),
        };
        writeln!(out, "{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::{render, samples};

    #[test]
    fn compiles_look_as_in_hotspot() {
        assert_eq!(
            render(&mut PrintCompilation, &samples::story()),
            "     10    2       4       late::coldest (31 bytes)\n     \
             12    2       4       late::coldest (31 bytes)   made not entrant\n"
        );
    }

    #[test]
    fn osr_compiles_carry_their_offset() {
        let name = (FunctionId::from_u32(7), Tier::Optimized, Some(9));
        let text = line(&Names::default(), 0, CompileId::from_u32(3), name, "");
        assert_eq!(text, "      0    3 %     4       ?::fn7 @ 9 (0 bytes)");
    }
}
