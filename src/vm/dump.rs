//! Inner forms as text: bytecode, feedback, and what the optimizing compiler kept.

use super::Vm;
use super::jit::{CompileDump, PassRow};
use crate::bytecode::disasm::disassemble;
use crate::bytecode::ops::{Op, SlotKind};
use crate::feedback::slot::{CallSlot, ElementSlot, LiteralSlot, PropertySlot, TypesSlot};
use std::io::{self, Write};

/// The phases of one compile.
pub struct CompileTimes {
    /// Name of the function.
    pub function: String,
    /// The loop, if it was compiled for one.
    pub osr_offset: Option<u32>,
    /// The phases, with time and size.
    pub passes: Vec<PassRow>,
    /// The last phase, code generation, by stage.
    pub stages: Vec<(&'static str, u64)>,
}

/// The graphs of one compile: name of the function, the loop, and per phase its name and the graph after it.
pub type CompileGraphs<'a> = (&'a str, Option<u32>, &'a [(&'static str, String)]);

impl Vm {
    /// Writes the bytecode of every function that `wanted` names.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn dump_bytecode(&self, out: &mut dyn Write, wanted: &dyn Fn(&str) -> bool) -> io::Result<()> {
        for f in self.machine.rt.functions.iter().filter(|f| wanted(&f.function.name)) {
            writeln!(out, "{}", disassemble(&f.function))?;
        }
        Ok(())
    }

    /// Writes what the sites of every function that ran have seen.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn dump_feedback(&self, out: &mut dyn Write, wanted: &dyn Fn(&str) -> bool) -> io::Result<()> {
        let functions = self.machine.rt.functions.iter().filter(|f| f.is_prepared() && wanted(&f.function.name));
        for f in functions {
            writeln!(out, "{} ({}): {} calls, {} iterations", f.function.name, f.id, f.invocations, f.backedges)?;
            for s in &f.function.slots {
                let (line, column) = f.function.line_column_at(s.offset);
                let op = Op::ALL[f.function.code[s.offset as usize] as usize].name();
                write!(out, "  {line}:{column} {op}: ")?;
                // SAFETY: the slot table describes the feedback vector of a prepared function.
                unsafe {
                    let at = f.feedback.add(s.index as usize);
                    match s.kind {
                        SlotKind::Types => writeln!(out, "{:?}", *at.cast::<TypesSlot>())?,
                        SlotKind::Property => {
                            let slot = &*at.cast::<PropertySlot>();
                            writeln!(out, "{} entries, {} misses, {:?}", slot.len, slot.misses, slot.entries)?;
                        }
                        SlotKind::Element => writeln!(out, "{:?}", *at.cast::<ElementSlot>())?,
                        SlotKind::Call => {
                            let slot = &*at.cast::<CallSlot>();
                            writeln!(out, "{} targets, {} calls", slot.len, slot.count)?;
                        }
                        SlotKind::Literal => writeln!(out, "{:?}", *at.cast::<LiteralSlot>())?,
                    }
                }
            }
        }
        Ok(())
    }

    /// The graphs of every optimizing compile that was kept: the function's name, the loop, and the graph as built and after
    /// each pass.
    pub fn graphs(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<CompileGraphs<'_>> {
        let named = self.dumps.iter().filter(|d| !d.graphs.is_empty()).map(|d| {
            let name = &*self.machine.rt.function(d.function).function.name;
            (name, d.osr_offset, &*d.graphs)
        });
        named.filter(|(name, ..)| wanted(name)).collect()
    }

    /// What became of the time of every optimizing compile that was kept.
    pub fn compile_times(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<CompileTimes> {
        let named = self.dumps.iter().filter_map(|d| {
            let name = &self.machine.rt.function(d.function).function.name;
            let stages = d.code.as_ref().map(|code| code.explained.stages.clone()).unwrap_or_default();
            wanted(name).then(|| CompileTimes {
                function: name.clone(),
                osr_offset: d.osr_offset,
                passes: d.passes.clone(),
                stages,
            })
        });
        named.collect()
    }

    /// The machine code of a compile with what it was made of.
    pub fn asm(&self, dump: &CompileDump) -> Option<String> {
        dump.code.as_ref().map(|code| self.listing(code))
    }

    /// Writes one form of every compile that was kept.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn dump_compiles(
        &self,
        out: &mut dyn Write,
        wanted: &dyn Fn(&str) -> bool,
        form: impl Fn(&Vm, &CompileDump) -> Option<String>,
    ) -> io::Result<()> {
        for d in &self.dumps {
            let name = &self.machine.rt.function(d.function).function.name;
            if let (true, Some(text)) = (wanted(name), form(self, d)) {
                let osr = d.osr_offset.map_or(String::new(), |at| format!(" osr @{at}"));
                writeln!(out, "==== {name} ({}){osr}\n{text}", d.function)?;
            }
        }
        Ok(())
    }
}
