//! HIR as text, which `parse.rs` reads back.
//!
//! ```text
//! function fn1 params 2
//! fn2 inlined in inline0 at 14                          ; activations but the first: inline1, inline2, ...
//! f0 = before 8 of inline0 callee v0 this v1 r0 v2      ; frame states that instructions name
//! bb0:
//!   v0 = callee : Function
//!   v2 = param 0 : Any
//!   v3 = check_int32 v2 : Int32 ! f0 @8 site3           ; type; frame state; bytecode offset and site it came from
//!   v4 = const 1 : Int32
//!   jump bb1(v4)
//! bb1(v5: Int32):
//! ```
//!
//! Only what is needed to understand a graph is printed: reachable blocks, frame states that are used, an origin that is not
//! 0. Once representations are chosen, a type is followed by `/` and the representation.

use super::analysis::Cfg;
use super::field::{Block, Field, Val};
use super::frame_state::{Entry, Frame, FrameState, Inline, Resume, VirtualKind};
use super::graph::{EntryPoint, Graph};
use super::types::Rep;
use cranelift_entity::EntityRef;
use std::collections::BTreeSet;
use std::fmt;

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cfg = Cfg::new(self);
        write!(f, "function {} params {}", self.function(), self.param_count)?;
        if let EntryPoint::Osr(offset) = self.entry_point {
            write!(f, " osr {offset}")?;
        }
        writeln!(f)?;
        for data in self.inlines.values() {
            if let Some((caller, offset)) = data.caller {
                writeln!(f, "{} inlined in {caller} at {offset}", data.function)?;
            }
        }
        for (id, object) in &self.virtuals {
            write!(f, "{id} = ")?;
            match object.kind {
                VirtualKind::Object(shape) => write!(f, "{shape}")?,
                VirtualKind::Closure { parent, child } => write!(f, "closure {parent} {child}")?,
                VirtualKind::Scope => f.write_str("scope")?,
                VirtualKind::Arguments => f.write_str("arguments")?,
                VirtualKind::Array => f.write_str("array")?,
            }
            for entry in &object.slots {
                f.write_str(" ")?;
                print_entry(entry, f)?;
            }
            writeln!(f)?;
        }
        for frame in used_frames(self, &cfg) {
            print_frame(frame, &self.frames[frame], f)?;
        }
        for &block in &cfg.rpo {
            print_block(self, block, f)?;
        }
        Ok(())
    }
}

impl Graph {
    /// One instruction, as it is printed in its block.
    pub fn inst_text(&self, v: Val) -> String {
        struct Inst<'g>(&'g Graph, Val);
        impl fmt::Display for Inst<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                print_inst(self.0, self.1, f)
            }
        }
        Inst(self, v).to_string().trim().to_string()
    }
}

fn used_frames(graph: &Graph, cfg: &Cfg) -> BTreeSet<Frame> {
    let mut used = BTreeSet::new();
    for &block in &cfg.rpo {
        for &v in &graph.blocks[block].insts {
            let mut next = graph.insts[v].frame.expand();
            while let Some(frame) = next {
                used.insert(frame);
                next = graph.frames[frame].caller.expand();
            }
        }
    }
    used
}

fn print_frame(id: Frame, state: &FrameState, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{id} = ")?;
    match state.resume {
        Resume::Before => f.write_str("before")?,
        Resume::After { result } => write!(f, "after(r{result})")?,
        Resume::Branch { if_true, if_false } => write!(f, "branch({if_true}, {if_false})")?,
        Resume::Next { result, exit } => write!(f, "next(r{result}, {exit})")?,
        Resume::AfterConstruct { result } => write!(f, "after_construct(r{result})")?,
    }
    write!(f, " {} of {} callee ", state.offset, state.inline)?;
    print_entry(&state.callee, f)?;
    f.write_str(" this ")?;
    print_entry(&state.this, f)?;
    for (register, entry) in &state.registers {
        write!(f, " r{register} ")?;
        print_entry(entry, f)?;
    }
    if state.catches {
        f.write_str(" catches")?;
    }
    if let Some(caller) = state.caller.expand() {
        write!(f, " caller {caller}")?;
    }
    writeln!(f)
}

fn print_entry(entry: &Entry, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match entry {
        Entry::Val(v) => write!(f, "{v}"),
        Entry::Const(c) => {
            f.write_str("const ")?;
            c.print(f)
        }
        Entry::Virtual(o) => write!(f, "{o}"),
        Entry::Scratch(index) => write!(f, "scratch {index}"),
    }
}

fn print_block(graph: &Graph, block: Block, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let data = &graph.blocks[block];
    write!(f, "{block}")?;
    for (i, &v) in data.params.iter().enumerate() {
        write!(f, "{}{v}: ", if i == 0 { "(" } else { ", " })?;
        print_type(graph, v, f)?;
    }
    writeln!(f, "{}:", if data.params.is_empty() { "" } else { ")" })?;
    for &v in &data.insts {
        print_inst(graph, v, f)?;
    }
    Ok(())
}

fn print_type(graph: &Graph, v: Val, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let inst = &graph.insts[v];
    write!(f, "{}", inst.ty)?;
    if graph.representations_chosen {
        write!(f, "/{}", inst.rep.name())?;
    }
    Ok(())
}

fn print_inst(graph: &Graph, v: Val, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let inst = &graph.insts[v];
    let has_result = inst.op.rep() != Rep::Void;
    f.write_str("  ")?;
    if has_result {
        write!(f, "{v} = ")?;
    }
    write!(f, "{}", inst.op)?;
    if has_result {
        f.write_str(" : ")?;
        print_type(graph, v, f)?;
    }
    if let Some(frame) = inst.frame.expand() {
        write!(f, " ! {frame}")?;
    }
    let origin = inst.origin;
    if origin.offset != 0 || origin.inline != Inline::new(0) {
        write!(f, " @{}", origin.offset)?;
        if origin.inline != Inline::new(0) {
            write!(f, " in {}", origin.inline)?;
        }
        if let Some(site) = origin.site.expand() {
            write!(f, " {site}")?;
        }
    }
    writeln!(f)
}
