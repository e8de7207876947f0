//! Where within a cache line code should begin.
//!
//! On many x86-64 processors (Skylake to Cascade Lake with the microcode fix of 2019, "jump conditional code erratum")
//! a jump that crosses a 32-byte boundary, or whose last byte is the last before one, cannot be served from the
//! decoded-instruction cache. The same bytes then run up to 1.4 times slower at one offset than at another: more than
//! the optimization level makes. So before code is installed all offsets modulo 32 are tried on paper, and the one
//! with the least weight of badly placed jumps wins. A jump inside a loop weighs more, by the depth of nesting.
//!
//! Jumps are found at the ends of basic blocks, where Cranelift puts them and nothing else
//! (`machine_code_cfg_info`); on aarch64, with its fixed instruction width, the answer is always 0.
//!
//! Source: Intel, "Mitigations for Jump Conditional Code Erratum", 2019; JavaScriptCore and LLVM align jumps instead.

/// Boundaries that jumps should keep away from.
#[cfg(target_arch = "x86_64")]
const WINDOW: u32 = 32;
/// How much more a jump weighs per enclosing loop.
#[cfg(target_arch = "x86_64")]
const LOOP_WEIGHT: u64 = 8;
/// Nesting beyond this depth counts no more.
#[cfg(target_arch = "x86_64")]
const DEEPEST_LOOP: usize = 4;

/// A jump, together with the compare that the processor fuses with it.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Jump {
    start: u32,
    end: u32,
    /// Where it goes, if that is known from the instruction.
    target: Option<u32>,
}

/// How many bytes after an aligned address `code` should begin so that the fewest jumps are badly placed: less than
/// 32 and a multiple of `alignment`. `block_starts` are the offsets of basic blocks, `return_offsets` those after calls.
#[cfg(target_arch = "x86_64")]
pub fn best_shift(code: &[u8], block_starts: &[u32], return_offsets: &[u32], alignment: u32) -> u32 {
    let jumps = find_jumps(code, block_starts, return_offsets);
    let loops: Vec<(u32, u32)> =
        jumps.iter().filter_map(|j| j.target.filter(|t| *t <= j.start).map(|t| (t, j.end))).collect();
    let weigh = |jump: &Jump| {
        let depth = loops.iter().filter(|(start, end)| *start <= jump.start && jump.end <= *end).count();
        LOOP_WEIGHT.pow(depth.min(DEEPEST_LOOP) as u32)
    };
    let weighed: Vec<(Jump, u64)> = jumps.iter().map(|j| (*j, weigh(j))).collect();
    let cost = |shift: u32| -> u64 {
        let bad = |j: &Jump| (j.start + shift) / WINDOW != (j.end + shift) / WINDOW;
        weighed.iter().filter(|(j, _)| bad(j)).map(|(_, weight)| weight).sum()
    };
    (0..WINDOW).step_by(alignment.max(1) as usize).min_by_key(|shift| cost(*shift)).unwrap_or(0)
}

/// Always 0: instructions are four bytes, aligned.
#[cfg(target_arch = "aarch64")]
pub fn best_shift(_code: &[u8], _block_starts: &[u32], _return_offsets: &[u32], _alignment: u32) -> u32 {
    0
}

/// Decodes backward from the ends of blocks: conditional jump, then jump, or a return; and calls by their return
/// addresses.
#[cfg(target_arch = "x86_64")]
fn find_jumps(code: &[u8], block_starts: &[u32], return_offsets: &[u32]) -> Vec<Jump> {
    /// A fused compare is usually this long.
    const FUSED_COMPARE: u32 = 3;
    /// `call reg` is two or three bytes.
    const CALL: u32 = 3;
    let target = |end: usize| {
        let displacement = i32::from_le_bytes(code[end - 4..end].try_into().unwrap());
        u32::try_from(end as i64 + displacement as i64).ok()
    };
    let mut jumps = Vec::new();
    let ends = block_starts.iter().skip(1).copied().chain([code.len() as u32]);
    for end in ends {
        let mut end = end as usize;
        if end > code.len() {
            continue;
        }
        if end >= 1 && code[end - 1] == 0xC3 {
            jumps.push(Jump { start: end as u32 - 1, end: end as u32, target: None });
            continue;
        }
        if end >= 5 && code[end - 5] == 0xE9 {
            jumps.push(Jump { start: end as u32 - 5, end: end as u32, target: target(end) });
            end -= 5;
        }
        if end >= 6 && code[end - 6] == 0x0F && code[end - 5] & 0xF0 == 0x80 {
            let start = (end as u32 - 6).saturating_sub(FUSED_COMPARE);
            jumps.push(Jump { start, end: end as u32, target: target(end) });
        }
    }
    jumps.extend(return_offsets.iter().map(|&end| Jump { start: end.saturating_sub(CALL), end, target: None }));
    jumps
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    /// `bytes` of no-ops, then `jne` back to `target`.
    fn code_with_branch(nops: usize, target: i32) -> Vec<u8> {
        let mut code = vec![0x90; nops];
        code.extend([0x0F, 0x85]);
        let end = code.len() as i32 + 4;
        code.extend((target - end).to_le_bytes());
        code
    }

    #[test]
    fn a_jump_across_a_boundary_is_moved_off_it() {
        let code = code_with_branch(30, 0);
        let shift = best_shift(&code, &[0], &[], 1);
        let (start, end) = (27 + shift, 36 + shift);
        assert_eq!(start / 32, end / 32, "jump at {start}..{end}");
    }

    #[test]
    fn alignment_is_respected() {
        let code = code_with_branch(30, 0);
        assert_eq!(best_shift(&code, &[0], &[], 16) % 16, 0);
        assert_eq!(best_shift(&code, &[0], &[], 64), 0);
    }

    #[test]
    fn the_inner_loop_decides() {
        // An outer jump that is well placed at shift 0 and an inner loop's jump that is not.
        let mut code = code_with_branch(20, 0);
        let outer_end = code.len();
        code.extend(vec![0x90; 33 - 6]);
        let inner_target = code.len() as i32 - 10;
        let mut tail = vec![0x0F, 0x84];
        tail.extend((inner_target - (code.len() as i32 + 6)).to_le_bytes());
        code.extend(tail);
        let starts = [0, outer_end as u32];
        let jumps = find_jumps(&code, &starts, &[]);
        assert_eq!(jumps.len(), 2);
        let shift = best_shift(&code, &starts, &[], 1);
        assert_eq!((jumps[1].start + shift) / 32, (jumps[1].end + shift) / 32);
    }
}
