//! Machine code for people: `petrel dump --asm`.
//!
//! ```text
//! ; late.js:18:16 | return entry.uses * 16 - entry.size;
//! ;   v9 = check_shape v4, {shape264} : AnyObject/tagged ! f1
//!     11: mov      eax, dword ptr [rcx]
//!     13: cmp      eax, 0x108
//! ```
//!
//! A line of source is told where it changes, an instruction of the graph where its machine code begins. The code
//! generator may move code of one instruction behind that of another: then the instruction is told again.

use super::Vm;
use super::jit::CodeDump;
use crate::code::blob::PositionId;
use crate::codegen::disassemble::{self, Line};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Columns of a source line that are shown.
const SOURCE_COLUMNS: usize = 100;

impl Vm {
    /// The machine code of a compile, with what it was made of.
    pub(super) fn listing(&self, dump: &CodeDump) -> String {
        let lines = match disassemble::disassemble(&dump.code.bytes) {
            Ok(lines) => lines,
            Err(error) => return format!("; no disassembler: {error}\n"),
        };
        let targets: BTreeSet<u32> = lines.iter().filter_map(|line| line.target).collect();
        let mut text = String::new();
        let mut before: Option<Told> = None;
        for Line { offset, text: instruction, .. } in &lines {
            let is_target = targets.contains(offset);
            if is_target && !text.is_empty() {
                text.push('\n');
            }
            let told = match self.told(dump, *offset, instruction) {
                Some(told) => told,
                // What moves values between registers has no place of its own: it belongs to what it stands in.
                None => before.clone().filter(|_| !is_target).unwrap_or_else(|| Told::nameless(*offset)),
            };
            let source_is_new = before.as_ref().is_none_or(|before| before.source != told.source);
            if source_is_new {
                let _ = writeln!(text, "; {}", told.source);
            }
            if let Some(inst) = &told.inst
                && (source_is_new || before.as_ref().is_none_or(|before| before.inst != told.inst))
            {
                let _ = writeln!(text, ";   {inst}");
            }
            let _ = writeln!(text, "{offset:6x}: {instruction}");
            before = Some(told);
        }
        text
    }

    fn told(&self, dump: &CodeDump, offset: u32, instruction: &str) -> Option<Told> {
        if instruction.starts_with(disassemble::CONSTANT) {
            return Some(Told { source: "constants".to_string(), inst: None });
        }
        let ranges = &dump.code.source_map;
        let after = ranges.partition_point(|range| range.range.start <= offset);
        let range = ranges[..after].last().filter(|range| offset < range.range.end)?;
        let inst = dump.explained.insts.get(&range.position).cloned();
        Some(Told { source: self.source_of(dump, range.position), inst })
    }

    /// The place in the source, with the calls that it was inlined through, and the line's text.
    fn source_of(&self, dump: &CodeDump, position: PositionId) -> String {
        let innermost = &dump.positions[position];
        let function = &self.machine.rt.function(innermost.function).function;
        let source = &function.source;
        let file = |path: &str| path.rsplit('/').next().unwrap_or_default().to_string();
        let (line, column) = function.line_column_at(innermost.bytecode_offset);
        let mut text = format!("{}:{line}:{column}", file(&source.path));
        let mut call = innermost.inlined_at;
        while let Some(position) = call.map(|call| &dump.positions[call]) {
            let caller = &self.machine.rt.function(position.function).function;
            let (line, column) = caller.line_column_at(position.bytecode_offset);
            let _ = write!(text, ", inlined at {}:{line}:{column}", file(&caller.source.path));
            call = position.inlined_at;
        }
        let line = source.text.lines().nth(line as usize - 1).unwrap_or_default().trim();
        let shown: String = line.chars().take(SOURCE_COLUMNS).collect();
        format!("{text} | {shown}")
    }
}

/// What is told of an instruction.
#[derive(Clone)]
struct Told {
    /// Where it comes from.
    source: String,
    /// The graph's instruction.
    inst: Option<String>,
}

impl Told {
    /// Of code that comes from no place in the source.
    fn nameless(offset: u32) -> Told {
        let source = if offset == 0 { "entry" } else { "between blocks, or the end of a side exit" };
        Told { source: source.to_string(), inst: None }
    }
}
