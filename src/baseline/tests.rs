//! Every opcode compiles in every tier, with every kind of hint. What the code does is the subject of `tests/tiers.rs`
//! (the same output in every tier) and `tests/baseline.rs` (the same feedback).

use super::request::{Hint, Request};
use super::{compile, osr_argument};
use crate::bytecode::function::{FunctionCode, FunctionFlags, FunctionKind, Handler, SlotInfo, Source};
use crate::bytecode::ops::{Insn, Op, Operand, Reg, SlotKind};
use crate::codegen::abi::Isas;
use crate::feedback::slot::{Access, PropertyEntry, seen};
use crate::runtime::shape::ElementsKind;
use crate::vocab::{FunctionId, Tier};
use rustc_hash::FxHashMap;
use std::sync::Arc;

const TIERS: [Tier; 3] = [Tier::Baseline, Tier::BaselineCounters, Tier::BaselineProfiling];

/// `op` with all operands 0 (a jump leads to the next instruction), protected by a handler, in a loop.
fn function_of(op: Op) -> FunctionCode {
    let mut code = Vec::new();
    Insn::LoopHeader {}.encode(&mut code);
    let at = code.len();
    code.push(op as u16);
    code.resize(at + op.units(), 0);
    let insn = Insn::decode(&code, at);
    let mut unit = at + 1;
    let mut slots = Vec::new();
    for operand in insn.operands() {
        match operand {
            Operand::Jump(_) => {
                code[unit] = op.units() as u16;
                unit += 2;
                continue;
            }
            Operand::Feedback(kind, _) => slots.push(SlotInfo { kind, index: 0, offset: at as u32 }),
            Operand::Dst(_)
            | Operand::Src(_)
            | Operand::Window(_)
            | Operand::Const(_)
            | Operand::Imm(_)
            | Operand::Num(_)
            | Operand::Cell(_)
            | Operand::Func(_) => {}
        }
        unit += 1;
    }
    let after = code.len();
    if !insn.ends_block() {
        Insn::Jump { to: -(after as i32) }.encode(&mut code);
    }
    let target = code.len() as u32;
    Insn::Return { src: Reg(0) }.encode(&mut code);
    FunctionCode {
        name: op.name().into(),
        source: Arc::new(Source::new("test".into(), String::new())),
        span: (0, 0),
        kind: FunctionKind::Normal,
        flags: FunctionFlags { needs_argc: true, ..FunctionFlags::default() },
        nparams: 2,
        length: 2,
        nregs: 8,
        code: code.into(),
        constants: Box::new([]),
        children: Box::new([]),
        handlers: Box::new([Handler { start: at as u32, end: after as u32, target, exception: Reg(1) }]),
        spans: Box::new([]),
        slots: slots.into(),
        feedback_units: SlotKind::Property.units(),
        register_names: Box::new([]),
        callee_texts: Box::new([]),
    }
}

fn request(function: FunctionCode, tier: Tier, hint: Option<Hint>) -> Request {
    Request {
        function: Arc::new(function),
        id: FunctionId::from_u32(7),
        tier,
        counts_bytecodes: true,
        keep_clif: false,
        info: 0x1000,
        flags: crate::runtime::function::flags::NEEDS_ARGC,
        code: 0x2000,
        feedback: 0x3000,
        cells: 0x4000,
        global: 0x5000,
        length: 0x6000,
        constants: Box::new([0x6000]),
        hints: FxHashMap::from_iter(hint.map(|h| (0, h))),
    }
}

/// What a slot of some kind may have seen.
fn hints(kind: SlotKind) -> Vec<Option<Hint>> {
    let mut all = vec![None];
    match kind {
        SlotKind::Types => {
            let bits =
                [seen::INT, seen::DOUBLE, seen::INT | seen::OVERFLOW | seen::DOUBLE, seen::STRING, seen::NULLISH];
            all.extend(bits.map(|b| Some(Hint::Types(b))));
        }
        SlotKind::Property => {
            let accesses = [
                Access::Inline,
                Access::OutOfLine,
                Access::ProtoInline,
                Access::ProtoOutOfLine,
                Access::ArrayLength,
                Access::StringLength,
                Access::Accessor,
                Access::Absent,
                Access::AddInline,
                Access::AddOutOfLine,
            ];
            for access in accesses {
                let entry = PropertyEntry { shape: 9, access, reserved: 0, offset: 24, payload: 0x7000 };
                all.push(Some(Hint::Property(smallvec::smallvec![entry, PropertyEntry { shape: 10, ..entry }])));
            }
        }
        SlotKind::Element => {
            for kind in ElementsKind::ALL {
                all.extend([true, false].map(|writable| Some(Hint::Array { shape: 9, kind, writable })));
            }
        }
        SlotKind::Call | SlotKind::Literal => {}
    }
    all
}

#[test]
fn every_opcode_compiles_in_every_tier() {
    let isas = Isas::new();
    for op in Op::ALL {
        let hints = function_of(*op).slots.first().map_or(vec![None], |slot| hints(slot.kind));
        for hint in hints {
            for tier in TIERS {
                let code = compile(&request(function_of(*op), tier, hint.clone()), &isas)
                    .unwrap_or_else(|e| panic!("{} with {hint:?} in {tier}: {e}", op.name()));
                assert_eq!(code.entries.osr.first(), Some(&(0, 0)), "{}", op.name());
                assert!(code.code.call_sites.iter().all(|site| !site.checked), "baseline frames are never hijacked");
            }
        }
    }
}

#[test]
fn positions_lead_from_return_addresses_to_instructions() {
    let isas = Isas::new();
    let code = compile(&request(function_of(Op::Add), Tier::BaselineProfiling, None), &isas).expect("compiles");
    let helper = code.code.call_sites.iter().filter_map(|site| site.position).map(|p| code.positions[p]);
    let offsets: Vec<u32> = helper.map(|p| p.bytecode_offset).collect();
    assert!(offsets.contains(&1), "the helper of `add` belongs to its instruction: {offsets:?}");
}

#[test]
fn a_loop_header_is_no_argument_count() {
    assert_ne!(osr_argument(0), 0);
    assert_eq!(osr_argument(12) & !super::OSR_FLAG, 12);
}
