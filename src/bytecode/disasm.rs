//! Prints bytecode as people read it.
//!
//! ```text
//! function add (normal, 2 params, 3 registers)
//!    0  add             r2, a0, a1 [0]
//!    5  return          r2
//! ```
//!
//! Registers of parameters print as `a0`, others as `r5`; a jump prints its target offset, a constant its value, a
//! feedback slot its index in brackets.

use super::function::{Constant, FunctionCode};
use super::ops::{Insn, Operand, Reg};
use std::fmt::Write;

/// A function and, after it, its children.
pub fn disassemble(code: &FunctionCode) -> String {
    let mut out = String::new();
    print_function(code, &mut out);
    out
}

/// One instruction without its offset.
pub fn instruction(code: &FunctionCode, offset: u32) -> String {
    let insn = Insn::decode(&code.code, offset as usize);
    let mut out = format!("{:<15} ", insn.op().name());
    for (i, operand) in insn.operands().iter().enumerate() {
        let slot = matches!(operand, Operand::Feedback(..));
        let separator = if slot {
            " "
        } else if i > 0 {
            ", "
        } else {
            ""
        };
        out.push_str(separator);
        print_operand(code, offset, operand, &mut out);
    }
    out.trim_end().to_string()
}

fn print_function(code: &FunctionCode, out: &mut String) {
    let name = if code.name.is_empty() { "(anonymous)" } else { &code.name };
    let kind = format!("{:?}", code.kind).to_lowercase();
    let _ = writeln!(out, "function {name} ({kind}, {} params, {} registers)", code.nparams, code.nregs);
    let mut offset = 0;
    while (offset as usize) < code.code.len() {
        let _ = writeln!(out, "{offset:4}  {}", instruction(code, offset));
        offset += Insn::decode(&code.code, offset as usize).op().units() as u32;
    }
    for h in &code.handlers {
        let _ = writeln!(out, "handler {}..{} -> {} {}", h.start, h.end, h.target, register(code, h.exception));
    }
    for child in &code.children {
        out.push('\n');
        print_function(child, out);
    }
}

fn print_operand(code: &FunctionCode, offset: u32, operand: &Operand, out: &mut String) {
    let _ = match operand {
        Operand::Dst(r) | Operand::Src(r) => write!(out, "{}", register(code, *r)),
        Operand::Window(r) => write!(out, "{}..", register(code, *r)),
        Operand::Const(i) => match code.constants.get(usize::from(*i)) {
            Some(Constant::Number(n)) => write!(out, "{n}"),
            Some(Constant::String(s)) => write!(out, "{:?}", String::from_utf16_lossy(s)),
            None => write!(out, "constant {i}?"),
        },
        Operand::Imm(i) => write!(out, "{i}"),
        Operand::Num(n) => write!(out, "{n}"),
        Operand::Cell(i) => write!(out, "cell {i}"),
        Operand::Func(i) => match code.children.get(usize::from(*i)) {
            Some(f) if !f.name.is_empty() => write!(out, "{}", f.name),
            _ => write!(out, "function {i}"),
        },
        Operand::Jump(to) => write!(out, "-> {}", i64::from(offset) + i64::from(*to)),
        Operand::Feedback(_, i) => write!(out, "[{i}]"),
    };
}

fn register(code: &FunctionCode, r: Reg) -> String {
    if r.0 < code.nparams { format!("a{}", r.0) } else { format!("r{}", r.0) }
}
