//! Machine code as text, by Capstone, for `petrel dump --asm`.
//!
//! What Capstone prints is made readable where it is about our code: addresses become offsets in the code, jump targets are kept
//! apart so that a listing can mark them, and the constants behind the last instruction are words, not nonsense instructions.

use capstone::Capstone;
use capstone::arch::BuildsCapstone;
#[cfg(target_arch = "x86_64")]
use capstone::arch::BuildsCapstoneSyntax;

/// What the text of a constant begins with.
pub const CONSTANT: &str = ".quad";

/// One line of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Offset in the code.
    pub offset: u32,
    /// The instruction, or the constant.
    pub text: String,
    /// For a direct jump or branch: the offset that it goes to.
    pub target: Option<u32>,
}

/// Disassembles code that begins with an instruction and may end with constants, which instructions refer to by their
/// distance: addresses in the text are offsets in the code.
///
/// # Errors
/// Capstone's, in its words.
pub fn disassemble(code: &[u8]) -> Result<Vec<Line>, String> {
    let capstone = capstone()?;
    let instructions = capstone.disasm_all(code, 0).map_err(|error| error.to_string())?;
    let mut lines = Vec::new();
    let mut constants_at = code.len() as u32;
    for instruction in instructions.iter() {
        let offset = instruction.address() as u32;
        // Constants are aligned: what is before them is filled up with zeros.
        if offset >= constants_at || code[offset as usize..constants_at as usize].iter().all(|byte| *byte == 0) {
            break;
        }
        let next = offset + instruction.len() as u32;
        let (mnemonic, operands) = (instruction.mnemonic().unwrap_or("?"), instruction.op_str().unwrap_or(""));
        let (operands, constant) = with_offset(mnemonic, operands, next);
        constants_at = constants_at.min(constant.unwrap_or(u32::MAX));
        let target = if is_jump(mnemonic) { last_number(&operands) } else { None };
        lines.push(Line { offset, text: format!("{mnemonic:8} {operands}").trim_end().to_string(), target });
    }
    for (i, word) in code[constants_at as usize..].chunks_exact(8).enumerate() {
        let word = u64::from_le_bytes(word.try_into().expect("invariant: chunks of eight bytes"));
        lines.push(Line {
            offset: constants_at + 8 * i as u32,
            text: format!("{CONSTANT}    {word:#018x}"),
            target: None,
        });
    }
    Ok(lines)
}

#[cfg(target_arch = "x86_64")]
fn capstone() -> Result<Capstone, String> {
    use capstone::arch::x86::{ArchMode, ArchSyntax};
    let builder = Capstone::new().x86().mode(ArchMode::Mode64).syntax(ArchSyntax::Intel);
    builder.build().map_err(|error| error.to_string())
}

#[cfg(target_arch = "aarch64")]
fn capstone() -> Result<Capstone, String> {
    use capstone::arch::arm64::ArchMode;
    Capstone::new().arm64().mode(ArchMode::Arm).build().map_err(|error| error.to_string())
}

/// The operands, where a constant is named by its offset, and that offset: x86-64 refers to it from the next instruction's
/// address, aarch64 by a load whose operand is the place.
fn with_offset(mnemonic: &str, operands: &str, next: u32) -> (String, Option<u32>) {
    if cfg!(target_arch = "aarch64") {
        let (_, place) = operands.split_once(", #").filter(|_| mnemonic.starts_with("ldr")).unwrap_or_default();
        return (operands.to_string(), number(place));
    }
    let Some((before, rest)) = operands.split_once("[rip + ") else { return (operands.to_string(), None) };
    let Some((distance, after)) = rest.split_once(']') else { return (operands.to_string(), None) };
    match number(distance) {
        Some(distance) => (format!("{before}[{:#x}]{after}", next + distance), Some(next + distance)),
        None => (operands.to_string(), None),
    }
}

fn is_jump(mnemonic: &str) -> bool {
    let names = ["b", "b.", "cb", "tb"];
    match cfg!(target_arch = "aarch64") {
        true => mnemonic == names[0] || names[1..].iter().any(|name| mnemonic.starts_with(name)),
        false => mnemonic.starts_with('j'),
    }
}

fn last_number(operands: &str) -> Option<u32> {
    number(operands.rsplit([' ', ',']).next()?.trim_start_matches('#'))
}

fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    /// `test [rip + 9], rax; jne 10; ret; ret; .quad 1`: the constant is at 16, behind what fills up to its alignment.
    const CODE: [u8; 24] = [0x48, 0x85, 0x05, 9, 0, 0, 0, 0x75, 1, 0xc3, 0xc3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];

    #[test]
    fn constants_are_told_from_instructions() {
        let lines = disassemble(&CODE).unwrap();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        let wanted = ["test     qword ptr [0x10], rax", "jne      0xa", "ret", "ret", ".quad    0x0000000000000001"];
        assert_eq!(texts, wanted);
        assert_eq!((lines[1].target, lines[4].offset), (Some(10), 16));
    }
}
