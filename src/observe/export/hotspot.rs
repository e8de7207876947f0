//! HotSpot's own lines, for scripts that read its logs: `-XX:+PrintCompilation`, and `-Xlog:deoptimization=debug`.

use crate::events::Event;
use crate::observe::Renderer;
use crate::observe::model::Model;
use crate::observe::print_compilation::PrintCompilation;
use std::io::{self, Write};

/// As `--print-compilation` prints it during a run.
pub fn print_compilation(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let mut renderer = PrintCompilation;
    model.recording.events.iter().try_for_each(|stamped| renderer.event(&model.names, stamped, out))
}

/// One line per deopt, with HotSpot's decorations of uptime, level and tag. As there, the method is the innermost one; what
/// HotSpot lacks, the line, stands at the end.
pub fn xlog_deoptimization(model: &Model, out: &mut dyn Write) -> io::Result<()> {
    let names = &model.names;
    for stamped in &model.recording.events {
        let Event::Deoptimized { compile, site, osr_offset, reason, action, blob, exit, .. } = &stamped.event else {
            continue;
        };
        let code = model.code.get(blob);
        let relative = u64::from(exit.as_u32());
        let pc = model.region_base + code.map_or(0, |code| code.offset) + relative;
        let class = names.file(site.function);
        let class = class.strip_suffix(".js").unwrap_or(class);
        let osr = osr_offset.map(|bci| format!("osr_bci={bci} ")).unwrap_or_default();
        writeln!(
            out,
            "[{:.3}s][debug][deoptimization] cid={:4} {} level={} {class}.{}()V trap_bci={} {osr}{} {action} \
             pc={pc:#018x} relative_pc={relative:#018x} line={}",
            stamped.time_ns as f64 / 1e9,
            compile.as_u32(),
            if osr_offset.is_some() { "osr" } else { "   " },
            model.compiles.get(compile).map_or(4, |compile| compile.tier.level()),
            names.name(site.function),
            site.offset,
            reason.hotspot_name(),
            site.line,
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::codec::Recording;
    use crate::observe::samples;

    #[test]
    fn a_deopt_is_one_line_in_hotspots_words() {
        let recording = Recording { header: serde_json::json!({}), events: samples::story(), truncated: false };
        let mut text = Vec::new();
        xlog_deoptimization(&Model::of(&recording), &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let start = "[0.012s][debug][deoptimization] cid=   2     level=4 late.score()V trap_bci=4 class_check reinterpret pc=0x";
        assert!(text.starts_with(start), "{text}");
        assert_eq!(text.lines().count(), 1);
    }
}
