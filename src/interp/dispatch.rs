//! The dispatch table: which handler executes which opcode.
//!
//! One row per opcode and quickened opcode. The match over [`Code`] is exhaustive, so an opcode without a handler does not
//! compile. Each handler exists twice: with and without counting of retired bytecodes.

use super::frame::FrameRecord;
use super::ops::{calls, control, fused, loads, objects, operators, properties};
use super::state::State;
use crate::bytecode::ops::Code;
use crate::feedback::slot::Unit;
use crate::runtime::runtime::Runtime;

/// Executes the instruction at `pc` and all that follow: see [`State`].
pub type Handler = unsafe extern "C" fn(*mut Runtime, *mut u16, *mut u64, *mut Unit, *mut FrameRecord) -> u64;

/// How many opcodes, quickened opcodes and fused pairs there are.
const COUNT_OF_CODES: usize = Code::ALL.len();

macro_rules! handlers {
    ($( $code:ident => $handler:path, )+) => {
        /// The handler of an opcode.
        const fn handler<const COUNT: bool>(code: Code) -> Handler {
            match code { $(
                Code::$code => {
                    // Never inlined: a general form inside a quickened one would give it a stack frame.
                    #[inline(never)]
                    unsafe extern "C" fn entry<const COUNT: bool>(
                        rt: *mut Runtime,
                        pc: *mut u16,
                        regs: *mut u64,
                        fb: *mut Unit,
                        frame: *mut FrameRecord,
                    ) -> u64 {
                        // SAFETY: handlers are called with a state as `State` describes it.
                        unsafe { $handler(State::<COUNT> { rt, pc, regs, fb, frame }) }
                    }
                    entry::<COUNT>
                }
            )+ }
        }
        const CODES: [Code; COUNT_OF_CODES] = [ $( Code::$code ),+ ];
    };
}

handlers! {
    LoadInt => loads::load_int,
    LoadConst => loads::load_const,
    LoadUndefined => loads::load_undefined,
    LoadNull => loads::load_null,
    LoadTrue => loads::load_true,
    LoadFalse => loads::load_false,
    LoadHole => loads::load_hole,
    Move => loads::move_,
    LoadThis => loads::load_this,
    SloppyThis => loads::sloppy_this,
    BindThis => loads::bind_this,
    CheckThis => loads::check_this,
    LoadCallee => loads::load_callee,
    LoadNewTarget => loads::load_new_target,
    CreateArguments => loads::create_arguments,
    MapArguments => loads::map_arguments,
    SetMapped => loads::set_mapped,
    CreateRest => loads::create_rest,
    LoadScope => loads::load_scope,
    NewScope => loads::new_scope,
    CopyScope => loads::copy_scope,
    GetScoped => loads::get_scoped,
    SetScoped => loads::set_scoped,
    GetModule => loads::get_module,
    SetModule => loads::set_module,
    InitModule => loads::init_module,
    CheckTdz => loads::check_tdz,
    GetGlobal => loads::get_global,
    TypeofGlobal => loads::typeof_global,
    ThrowAssign => loads::throw_assign,
    Add => operators::add,
    Sub => operators::sub,
    Mul => operators::mul,
    Div => operators::div,
    Mod => operators::modulo,
    Exp => operators::exp,
    BitAnd => operators::bit_and,
    BitOr => operators::bit_or,
    BitXor => operators::bit_xor,
    Shl => operators::shl,
    Shr => operators::shr,
    UShr => operators::ushr,
    AddImm => operators::add_imm,
    Inc => operators::inc,
    Dec => operators::dec,
    Neg => operators::neg,
    ToNumber => operators::to_number,
    BitNot => operators::bit_not,
    Not => operators::not,
    TypeOf => operators::type_of,
    ToString => operators::to_string,
    ToKey => operators::to_key,
    Lt => operators::lt,
    Le => operators::le,
    Gt => operators::gt,
    Ge => operators::ge,
    Eq => operators::eq,
    Ne => operators::ne,
    StrictEq => operators::strict_eq,
    StrictNe => operators::strict_ne,
    InstanceOf => operators::instance_of,
    In => operators::in_,
    Jump => control::jump,
    JumpTrue => control::jump_true,
    JumpFalse => control::jump_false,
    JumpNullish => control::jump_nullish,
    JumpUndefined => control::jump_undefined,
    JumpObject => control::jump_object,
    JumpLt => control::jump_lt,
    JumpLe => control::jump_le,
    JumpGt => control::jump_gt,
    JumpGe => control::jump_ge,
    JumpNotLt => control::jump_not_lt,
    JumpNotLe => control::jump_not_le,
    JumpNotGt => control::jump_not_gt,
    JumpNotGe => control::jump_not_ge,
    JumpStrictEq => control::jump_strict_eq,
    JumpStrictNe => control::jump_strict_ne,
    JumpEq => control::jump_eq,
    JumpNe => control::jump_ne,
    LoopHeader => control::loop_header,
    Return => control::return_,
    ReturnConstruct => control::return_construct,
    Throw => control::throw,
    ThrowError => control::throw_error,
    GetProp => properties::get_prop,
    SetProp => properties::set_prop,
    GetElem => properties::get_elem,
    SetElem => properties::set_elem,
    DeleteProp => properties::delete_prop,
    DeleteElem => properties::delete_elem,
    DefineField => properties::define_field,
    DefineElem => properties::define_elem,
    DefineMethod => properties::define_method,
    SetFunctionName => properties::set_function_name,
    SetProto => properties::set_proto,
    GetSuper => properties::get_super,
    SetSuper => properties::set_super,
    GetPrivate => properties::get_private,
    SetPrivate => properties::set_private,
    DefinePrivate => properties::define_private,
    HasPrivate => properties::has_private,
    NewPrivateName => properties::new_private_name,
    Call => calls::call,
    New => calls::new,
    CallSpread => calls::call_spread,
    NewSpread => calls::new_spread,
    SuperCall => calls::super_call,
    SuperCallSpread => calls::super_call_spread,
    InitFields => calls::init_fields,
    Intrinsic => calls::intrinsic,
    NewClosure => objects::new_closure,
    NewObject => objects::new_object,
    NewArray => objects::new_array,
    ArrayPush => objects::array_push,
    ArraySpread => objects::array_spread,
    CopyProps => objects::copy_props,
    NewClass => objects::new_class,
    SetFieldInit => objects::set_field_init,
    TemplateObject => objects::template_object,
    NewRegExp => objects::new_regexp,
    IterInit => objects::iter_init,
    IterNext => objects::iter_next,
    IterClose => objects::iter_close,
    EnumInit => objects::enum_init,
    EnumNext => objects::enum_next,
    CheckObject => objects::check_object,
    AddInt => operators::add_int,
    AddDouble => operators::add_double,
    AddString => operators::add_string,
    SubInt => operators::sub_int,
    SubDouble => operators::sub_double,
    MulInt => operators::mul_int,
    MulDouble => operators::mul_double,
    DivDouble => operators::div_double,
    ModInt => operators::mod_int,
    AddImmInt => operators::add_imm_int,
    AddImmDouble => operators::add_imm_double,
    IncInt => operators::inc_int,
    DecInt => operators::dec_int,
    ToNumberNumber => operators::to_number_number,
    BitAndInt => operators::bit_and_int,
    BitOrInt => operators::bit_or_int,
    BitXorInt => operators::bit_xor_int,
    ShlInt => operators::shl_int,
    ShrInt => operators::shr_int,
    UShrInt => operators::ushr_int,
    LtInt => operators::lt_int,
    LeInt => operators::le_int,
    GtInt => operators::gt_int,
    GeInt => operators::ge_int,
    StrictEqInt => operators::strict_eq_int,
    StrictNeInt => operators::strict_ne_int,
    JumpLtInt => control::jump_lt_int,
    JumpLtDouble => control::jump_lt_double,
    JumpLeInt => control::jump_le_int,
    JumpLeDouble => control::jump_le_double,
    JumpGtInt => control::jump_gt_int,
    JumpGtDouble => control::jump_gt_double,
    JumpGeInt => control::jump_ge_int,
    JumpGeDouble => control::jump_ge_double,
    JumpNotLtInt => control::jump_not_lt_int,
    JumpNotLtDouble => control::jump_not_lt_double,
    JumpNotLeInt => control::jump_not_le_int,
    JumpNotLeDouble => control::jump_not_le_double,
    JumpNotGtInt => control::jump_not_gt_int,
    JumpNotGtDouble => control::jump_not_gt_double,
    JumpNotGeInt => control::jump_not_ge_int,
    JumpNotGeDouble => control::jump_not_ge_double,
    JumpStrictEqInt => control::jump_strict_eq_int,
    JumpStrictNeInt => control::jump_strict_ne_int,
    JumpTrueBool => control::jump_true_bool,
    JumpFalseBool => control::jump_false_bool,
    GetPropOwn => properties::get_prop_own,
    GetPropProto => properties::get_prop_proto,
    GetPropLength => properties::get_prop_length,
    SetPropOwn => properties::set_prop_own,
    SetPropAdd => properties::set_prop_add,
    GetGlobalOwn => loads::get_global_own,
    GetElemArray => properties::get_elem_array,
    GetElemDouble => properties::get_elem_double,
    GetElemString => properties::get_elem_string,
    GetElemTyped => properties::get_elem_typed,
    SetElemTyped => properties::set_elem_typed,
    GetPropTypedLength => properties::get_prop_typed_length,
    SetElemArray => properties::set_elem_array,
    SetElemInt => properties::set_elem_int,
    SetElemDouble => properties::set_elem_double,
    CallFunction => calls::call_function,
    CallClosure => calls::call_closure,
    CallNative => calls::call_native,
    StrictEqWord => operators::strict_eq_word,
    StrictNeWord => operators::strict_ne_word,
    JumpStrictEqWord => control::jump_strict_eq_word,
    JumpStrictNeWord => control::jump_strict_ne_word,
    JumpEqWord => control::jump_eq_word,
    JumpNeWord => control::jump_ne_word,
    BitOrNumber => operators::bit_or_number,
    BitAndNumber => operators::bit_and_number,
    BitXorNumber => operators::bit_xor_number,
    GetPropMany => properties::get_prop_many,
    GetPropStringLength => properties::get_prop_string_length,
    SetPropMany => properties::set_prop_many,
    LoadIntSub => fused::load_int_sub,
    LoadIntMod => fused::load_int_mod,
    LoadIntBitAnd => fused::load_int_bit_and,
    LoadIntBitOr => fused::load_int_bit_or,
    LoadIntBitXor => fused::load_int_bit_xor,
    LoadIntShl => fused::load_int_shl,
    LoadIntShr => fused::load_int_shr,
    LoadIntUShr => fused::load_int_ushr,
    LoadIntJumpLt => fused::load_int_jump_lt,
    LoadIntJumpLe => fused::load_int_jump_le,
    LoadIntJumpGt => fused::load_int_jump_gt,
    LoadIntJumpGe => fused::load_int_jump_ge,
    LoadIntJumpNotLt => fused::load_int_jump_not_lt,
    LoadIntJumpNotLe => fused::load_int_jump_not_le,
    LoadIntJumpNotGt => fused::load_int_jump_not_gt,
    LoadIntJumpNotGe => fused::load_int_jump_not_ge,
    LoadIntJumpStrictEq => fused::load_int_jump_strict_eq,
    LoadIntJumpStrictNe => fused::load_int_jump_strict_ne,
    LoadIntSetElem => fused::load_int_set_elem,
    LoadConstBitAnd => fused::load_const_bit_and,
    LoadConstJumpStrictEq => fused::load_const_jump_strict_eq,
    LoadConstJumpStrictNe => fused::load_const_jump_strict_ne,
    LoadNullJumpStrictEq => fused::load_null_jump_strict_eq,
    LoadNullJumpStrictNe => fused::load_null_jump_strict_ne,
    LoadNullJumpEq => fused::load_null_jump_eq,
    LoadNullJumpNe => fused::load_null_jump_ne,
    LoadUndefinedLoadInt => fused::load_undefined_load_int,
    LoadUndefinedMove => fused::load_undefined_move,
    LoadUndefinedReturn => fused::load_undefined_return,
    LoadThisGetProp => fused::load_this_get_prop,
    GetModuleLoadUndefined => fused::get_module_load_undefined,
    GetModuleMove => fused::get_module_move,
    GetModuleLoadInt => fused::get_module_load_int,
    MoveMove => fused::move_move,
    MoveGetProp => fused::move_get_prop,
    MoveCall => fused::move_call,
    MoveLoadUndefined => fused::move_load_undefined,
    MoveJump => fused::move_jump,
    IncIntLoadInt => fused::inc_int_load_int,
    IncIntJump => fused::inc_int_jump,
    IncIntJumpLt => fused::inc_int_jump_lt,
    IncIntJumpLe => fused::inc_int_jump_le,
}

struct Table<const COUNT: bool>;

impl<const COUNT: bool> Table<COUNT> {
    const HANDLERS: [Handler; COUNT_OF_CODES] = {
        let mut table = [handler::<COUNT>(Code::LoadInt); COUNT_OF_CODES];
        let mut i = 0;
        while i < COUNT_OF_CODES {
            table[CODES[i] as usize] = handler::<COUNT>(CODES[i]);
            i += 1;
        }
        table
    };
    const TABLE: &'static [Handler; COUNT_OF_CODES] = &Self::HANDLERS;
}

/// The handler of the opcode in a unit.
///
/// # Safety
/// The unit is an opcode or a quickened opcode.
#[inline(always)]
pub unsafe fn handler_at<const COUNT: bool>(unit: u16) -> Handler {
    // SAFETY: promised by the caller.
    unsafe { *Table::<COUNT>::TABLE.get_unchecked(unit as usize) }
}
