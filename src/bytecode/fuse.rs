//! Fusing: two instructions that the interpreter executes as one (superinstructions).
//!
//! A fused code stands where the first instruction's opcode stood. Its handler does what both do and goes on behind the
//! second, whose units stay as they are: jumps to it, exits of compiled code into it and its own quickening know nothing
//! of the one before. Which pairs there are says the table of opcodes; they were chosen by how often they follow each other
//! over all bench programs.
//!
//! A second instruction has a handler of its own in the pair for the forms that count; in any other form it is dispatched
//! to, so a pair is never wrong, at most no gain.

use super::ops::{Code, Insn, Op, Operand, quick};

/// The code for an instruction in form `first` before one whose unit is `next`: fused with it, if there is such a pair.
#[inline]
pub fn with_next(first: u16, next: u16) -> u16 {
    let second = Op::ALL[quick::base_of(next) as usize];
    Code::fused(Code::ALL[first as usize], second).map_or(first, |fused| fused as u16)
}

/// Fuses the loads of a function's bytecode, as it came from the frontend, with what follows them.
pub fn loads(code: &mut [u16]) {
    let mut at = 0;
    while at < code.len() {
        let first = Op::ALL[code[at] as usize];
        let next = at + first.units();
        let fused = code.get(next).and_then(|unit| Code::fused(Code::ALL[first as usize], Op::ALL[*unit as usize]));
        if let Some(fused) = fused.filter(|_| suits(first, code[at + 1], &Insn::decode(code, next))) {
            code[at] = fused as u16;
            // The second stays what it is, so that pairs do not overlap.
            at = next + Op::ALL[code[next] as usize].units();
        } else {
            at = next;
        }
    }
}

/// Whether a pair's handler fits the registers: a number, null or `this` that is loaded is what the second reads last.
fn suits(first: Op, loaded: u16, second: &Insn) -> bool {
    if !matches!(first, Op::LoadInt | Op::LoadNull | Op::LoadThis) {
        return true;
    }
    let mut read =
        second.operands().into_iter().filter_map(|o| if let Operand::Src(r) = o { Some(r.0 == loaded) } else { None });
    read.next_back() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytecode::ops::Reg;

    fn fused(insns: &[Insn]) -> Vec<Code> {
        let mut code = Vec::new();
        let mut starts = Vec::new();
        for insn in insns {
            starts.push(code.len());
            insn.encode(&mut code);
        }
        loads(&mut code);
        starts.into_iter().map(|at| Code::ALL[code[at] as usize]).collect()
    }

    #[test]
    fn a_load_is_fused_with_what_reads_it() {
        let load = Insn::LoadInt { dst: Reg(2), value: 1 };
        let sub = |lhs, rhs| Insn::Sub { dst: Reg(0), lhs: Reg(lhs), rhs: Reg(rhs), fb: 0 };
        assert_eq!(fused(&[load, sub(1, 2)]), [Code::LoadIntSub, Code::Sub]);
        assert_eq!(fused(&[load, sub(2, 1)]), [Code::LoadInt, Code::Sub]);
    }

    #[test]
    fn pairs_do_not_overlap() {
        let copy = Insn::Move { dst: Reg(0), src: Reg(1) };
        assert_eq!(fused(&[copy, copy, copy]), [Code::MoveMove, Code::Move, Code::Move]);
    }
}
