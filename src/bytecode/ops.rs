//! THE table of opcodes.
//!
//! One row per opcode: name, operands with their roles, and a sentence. From the table come the [`Op`] enum, the decoded
//! form [`Insn`] (an exhaustive enum: interpreter, baseline compiler, HIR builder, verifier and disassembler match on it,
//! so a new row does not compile until each of them has an arm for it), lengths, encoding and decoding.
//!
//! An instruction is one `u16` unit of opcode followed by its operands, one unit each; a jump offset ([`Operand::Jump`])
//! takes two units and counts from the start of its own instruction. Registers are frame-relative; a feedback operand is
//! the index of a slot in 16-byte units into the function's feedback vector.
//!
//! Quickened opcodes and fused pairs stand at the end of the table (see [`quick`]; [`Code`] has all kinds): only the interpreter's private copy of a function holds
//! them, each has the operands of the opcode it stands for, and it is itself type feedback.

/// A register of the current frame.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Reg(pub u16);

/// What an operand is, and so what the verifier, the disassembler and liveness may assume.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// Register that is written.
    Dst(Reg),
    /// Register that is read.
    Src(Reg),
    /// First register of a window that is read; its length follows from the opcode (see [`Insn::window`]).
    Window(Reg),
    /// Constant pool index.
    Const(u16),
    /// Small signed immediate.
    Imm(i16),
    /// Small unsigned immediate (a count, an index, flags).
    Num(u16),
    /// Module cell index.
    Cell(u16),
    /// Index into the function's children.
    Func(u16),
    /// Offset of the jump target relative to the start of this instruction.
    Jump(i32),
    /// Feedback slot of the given kind.
    Feedback(SlotKind, u16),
}

/// The kinds of feedback slot; `feedback::slot` lays them out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum SlotKind {
    /// Operand types of an arithmetic or comparison operator, and branch counts if it branches.
    Types,
    /// Inline cache of a named property access.
    Property,
    /// Shapes and modes of an indexed access or an iteration.
    Element,
    /// Call targets.
    Call,
    /// What a literal or allocation site learnt about its objects.
    Literal,
}

impl SlotKind {
    /// Size of a slot in 16-byte units: what the assembler advances by when it hands one out.
    pub const fn units(self) -> u16 {
        match self {
            SlotKind::Types | SlotKind::Literal => 1,
            SlotKind::Property | SlotKind::Call => 5,
            SlotKind::Element => 3,
        }
    }
}

macro_rules! operand_type {
    (Dst) => {
        Reg
    };
    (Src) => {
        Reg
    };
    (Window) => {
        Reg
    };
    (Const) => {
        u16
    };
    (Imm) => {
        i16
    };
    (Num) => {
        u16
    };
    (Cell) => {
        u16
    };
    (Func) => {
        u16
    };
    (Jump) => {
        i32
    };
    (Types) => {
        u16
    };
    (Property) => {
        u16
    };
    (Element) => {
        u16
    };
    (Call) => {
        u16
    };
    (Literal) => {
        u16
    };
}
macro_rules! operand_units {
    (Jump) => {
        2
    };
    ($other:ident) => {
        1
    };
}
macro_rules! operand_read {
    (Dst, $c:ident, $p:expr) => {
        Reg($c[$p])
    };
    (Src, $c:ident, $p:expr) => {
        Reg($c[$p])
    };
    (Window, $c:ident, $p:expr) => {
        Reg($c[$p])
    };
    (Imm, $c:ident, $p:expr) => {
        $c[$p] as i16
    };
    (Jump, $c:ident, $p:expr) => {
        ($c[$p] as u32 | ($c[$p + 1] as u32) << 16) as i32
    };
    ($k:ident, $c:ident, $p:expr) => {
        $c[$p]
    };
}
macro_rules! operand_write {
    (Dst, $o:ident, $v:expr) => {
        $o.push($v.0)
    };
    (Src, $o:ident, $v:expr) => {
        $o.push($v.0)
    };
    (Window, $o:ident, $v:expr) => {
        $o.push($v.0)
    };
    (Imm, $o:ident, $v:expr) => {
        $o.push($v as u16)
    };
    (Jump, $o:ident, $v:expr) => {{
        $o.push($v as u32 as u16);
        $o.push(($v as u32 >> 16) as u16);
    }};
    ($k:ident, $o:ident, $v:expr) => {
        $o.push($v)
    };
}
macro_rules! operand_role {
    (Dst, $v:expr) => {
        Operand::Dst($v)
    };
    (Src, $v:expr) => {
        Operand::Src($v)
    };
    (Window, $v:expr) => {
        Operand::Window($v)
    };
    (Const, $v:expr) => {
        Operand::Const($v)
    };
    (Imm, $v:expr) => {
        Operand::Imm($v)
    };
    (Num, $v:expr) => {
        Operand::Num($v)
    };
    (Cell, $v:expr) => {
        Operand::Cell($v)
    };
    (Func, $v:expr) => {
        Operand::Func($v)
    };
    (Jump, $v:expr) => {
        Operand::Jump($v)
    };
    ($slot:ident, $v:expr) => {
        Operand::Feedback(SlotKind::$slot, $v)
    };
}

macro_rules! define_ops {
    (
        $( $(#[doc = $doc:literal])+ $name:ident $text:literal ( $( $field:ident : $kind:ident ),* ); )+
        quickened { $( $(#[doc = $qdoc:literal])+ $qconst:ident $qname:ident => $qbase:ident; )+ }
        fused { $( $fconst:ident $fname:ident => $fbase:ident as $first:ident then $second:ident; )+ }
    ) => {
        /// What the first unit of an instruction may be in the interpreter's private copy: an opcode or a quickened one.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u16)]
        pub enum Code {
            $( $(#[doc = $doc])+ $name, )+
            $( $(#[doc = $qdoc])+ $qname, )+
            $( #[doc = concat!("`", stringify!($first), "`, then `", stringify!($second), "`.")] $fname, )+
        }

        impl Code {
            /// Every code, in numeric order.
            pub const ALL: &'static [Code] =
                &[ $( Code::$name, )+ $( Code::$qname, )+ $( Code::$fname, )+ ];

            /// The code that does the work of `first`, and of an instruction with opcode `second` behind it, if there is one.
            pub const fn fused(first: Code, second: Op) -> Option<Code> {
                match (first, second) {
                    $( (Code::$first, Op::$second) => Some(Code::$fname), )+
                    _other => None,
                }
            }
        }

        /// Opcodes that exist only in the interpreter's private copy of a function, numbered after [`Op`].
        pub mod quick {
            use super::{Code, Op};

            $( $(#[doc = $qdoc])+ pub const $qconst: u16 = Code::$qname as u16; )+
            $(
                #[doc = concat!("`", stringify!($first), "`, then `", stringify!($second), "`.")]
                pub const $fconst: u16 = Code::$fname as u16;
            )+
            /// The opcode that a quickened one stands for; any other unit is returned as it is.
            pub fn base_of(unit: u16) -> u16 {
                const FIRST: u16 = Op::ALL.len() as u16;
                const BASES: &[Op] = &[ $( Op::$qbase, )+ $( Op::$fbase, )+ ];
                match unit.checked_sub(FIRST).and_then(|i| BASES.get(i as usize)) {
                    Some(op) => *op as u16,
                    None => unit,
                }
            }
            /// Quickened opcodes with their names.
            pub const ALL: &[(u16, &str)] =
                &[ $( ($qconst, stringify!($qconst)), )+ $( ($fconst, stringify!($fconst)), )+ ];
        }

        /// An opcode: the first unit of an instruction.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u16)]
        pub enum Op { $( $(#[doc = $doc])+ $name ),+ }

        /// A decoded instruction.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Insn { $( $(#[doc = $doc])+ $name { $( $field: operand_type!($kind) ),* } ),+ }

        impl Op {
            /// Every opcode, in numeric order.
            pub const ALL: &'static [Op] = &[ $( Op::$name ),+ ];

            /// Name as the disassembler prints it.
            pub const fn name(self) -> &'static str {
                match self { $( Op::$name => $text ),+ }
            }
            /// Length of the instruction in units, opcode included.
            #[inline(always)]
            pub const fn units(self) -> usize {
                match self { $( Op::$name => 1 $( + operand_units!($kind) )* ),+ }
            }
            /// The row's documentation.
            pub const fn doc(self) -> &'static str {
                match self { $( Op::$name => concat!($($doc),+) ),+ }
            }
            /// Names of the operands in order.
            pub const fn operand_names(self) -> &'static [&'static str] {
                match self { $( Op::$name => &[ $( stringify!($field) ),* ] ),+ }
            }
        }

        impl Insn {
            /// The opcode.
            pub const fn op(&self) -> Op {
                match self { $( Insn::$name { .. } => Op::$name ),+ }
            }
            /// Decodes the instruction that starts at `at`.
            ///
            /// # Panics
            /// If the unit at `at` is not an opcode of this table or the stream ends inside the instruction: the
            /// verifier has excluded both.
            #[allow(unused_assignments)]
            pub fn decode(code: &[u16], at: usize) -> Insn {
                let op = Op::ALL[code[at] as usize];
                let mut p = at + 1;
                match op {
                    $( Op::$name => {
                        $( let $field = operand_read!($kind, code, p); p += operand_units!($kind); )*
                        Insn::$name { $( $field ),* }
                    } ),+
                }
            }
            /// Appends the instruction's units.
            pub fn encode(&self, out: &mut Vec<u16>) {
                out.push(self.op() as u16);
                match *self {
                    $( Insn::$name { $( $field ),* } => { $( operand_write!($kind, out, $field); )* } ),+
                }
            }
            /// The operands in order, with their roles.
            pub fn operands(&self) -> smallvec::SmallVec<[Operand; 5]> {
                match *self {
                    $( Insn::$name { $( $field ),* } => smallvec::smallvec![ $( operand_role!($kind, $field) ),* ] ),+
                }
            }
        }
    };
}

define_ops! {
    // ---- loads -------------------------------------------------------------------------------------------------
    /// dst = value (int32).
    LoadInt "load_int" (dst: Dst, value: Imm);
    /// dst = constant (number or string).
    LoadConst "load_const" (dst: Dst, constant: Const);
    /// dst = undefined.
    LoadUndefined "load_undefined" (dst: Dst);
    /// dst = null.
    LoadNull "load_null" (dst: Dst);
    /// dst = true.
    LoadTrue "load_true" (dst: Dst);
    /// dst = false.
    LoadFalse "load_false" (dst: Dst);
    /// dst = the hole: an uninitialized binding.
    LoadHole "load_hole" (dst: Dst);
    /// dst = src.
    Move "move" (dst: Dst, src: Src);
    /// dst = `this` of this call (HOLE in a derived constructor before super()).
    LoadThis "load_this" (dst: Dst);
    /// dst = what `this` is in sloppy code if the call gave src: the global object for undefined and null, else an object.
    SloppyThis "sloppy_this" (dst: Dst, src: Src);
    /// `this` of this call = src: after super() in a derived constructor. Throws ReferenceError if it is already bound.
    BindThis "bind_this" (src: Src);
    /// Throws ReferenceError if src is the hole: `this` before super().
    CheckThis "check_this" (src: Src);
    /// dst = the running closure.
    LoadCallee "load_callee" (dst: Dst);
    /// dst = new.target. Only as part of the prologue, before anything that can call.
    LoadNewTarget "load_new_target" (dst: Dst);
    /// dst = the arguments object. Only in the prologue, before any register past the parameters is written.
    CreateArguments "create_arguments" (dst: Dst);
    /// dst = src, an arguments object of a sloppy function, mapped: its first elements, as many as the call gave values for
    /// count parameters, are the same variables as the slots of scope from first on.
    MapArguments "map_arguments" (dst: Dst, src: Src, scope: Src, first: Num, count: Num);
    /// Element index of the mapped arguments object = src, if that element still is a parameter: the other half of an
    /// assignment to the parameter.
    SetMapped "set_mapped" (arguments: Src, index: Num, src: Src);
    /// dst = array of the arguments from index on. Only in the prologue, as create_arguments.
    CreateRest "create_rest" (dst: Dst, index: Num);

    // ---- captured variables ------------------------------------------------------------------------------------
    /// dst = the scope the running closure closes over.
    LoadScope "load_scope" (dst: Dst);
    /// dst = a new scope with count variables, all HOLE, whose parent is the scope in parent (undefined: none).
    NewScope "new_scope" (dst: Dst, parent: Src, count: Num);
    /// dst = a copy of the scope in src: a fresh binding per iteration.
    CopyScope "copy_scope" (dst: Dst, src: Src);
    /// dst = variable index of the scope that is depth parents above the scope in scope.
    GetScoped "get_scoped" (dst: Dst, scope: Src, depth: Num, index: Num);
    /// That variable = src.
    SetScoped "set_scoped" (scope: Src, depth: Num, index: Num, src: Src);
    /// dst = module cell.
    GetModule "get_module" (dst: Dst, cell: Cell);
    /// Module cell = src: an assignment (the binding is no longer constant).
    SetModule "set_module" (cell: Cell, src: Src);
    /// Module cell = src: its one initialization.
    InitModule "init_module" (cell: Cell, src: Src);
    /// Throws ReferenceError "Cannot access 'name' before initialization" if src is the hole.
    CheckTdz "check_tdz" (src: Src, name: Const);
    /// dst = property name of the global object; ReferenceError "name is not defined" if there is none.
    GetGlobal "get_global" (dst: Dst, name: Const, fb: Property);
    /// dst = typeof global name, without an error if there is none.
    TypeofGlobal "typeof_global" (dst: Dst, name: Const);
    /// Throws TypeError "Assignment to constant variable." (kind 0), ReferenceError "name is not defined" (kind 1),
    /// TypeError "Class extends value … " is not raised here.
    ThrowAssign "throw_assign" (name: Const, kind: Num);

    // ---- operators ---------------------------------------------------------------------------------------------
    /// dst = lhs + rhs.
    Add "add" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs - rhs.
    Sub "sub" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs * rhs.
    Mul "mul" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs / rhs.
    Div "div" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs % rhs.
    Mod "mod" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs ** rhs.
    Exp "exp" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs & rhs.
    BitAnd "bit_and" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs | rhs.
    BitOr "bit_or" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs ^ rhs.
    BitXor "bit_xor" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs << rhs.
    Shl "shl" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs >> rhs.
    Shr "shr" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs >>> rhs.
    UShr "ushr" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = src + imm, where src is a number or the literal stands in an addition (string + number concatenates).
    AddImm "add_imm" (dst: Dst, src: Src, imm: Imm, fb: Types);
    /// dst = ToNumeric(src) + 1.
    Inc "inc" (dst: Dst, src: Src, fb: Types);
    /// dst = ToNumeric(src) - 1.
    Dec "dec" (dst: Dst, src: Src, fb: Types);
    /// dst = -src.
    Neg "neg" (dst: Dst, src: Src, fb: Types);
    /// dst = ToNumber(src): unary plus, and the old value of a postfix increment.
    ToNumber "to_number" (dst: Dst, src: Src, fb: Types);
    /// dst = ~src.
    BitNot "bit_not" (dst: Dst, src: Src, fb: Types);
    /// dst = !src.
    Not "not" (dst: Dst, src: Src);
    /// dst = typeof src.
    TypeOf "typeof" (dst: Dst, src: Src);
    /// dst = ToString(src): template literals.
    ToString "to_string" (dst: Dst, src: Src);
    /// dst = ToPropertyKey(src): a computed key that is evaluated once and used later.
    ToKey "to_key" (dst: Dst, src: Src);
    /// dst = lhs < rhs.
    Lt "lt" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs <= rhs.
    Le "le" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs > rhs.
    Gt "gt" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs >= rhs.
    Ge "ge" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs == rhs.
    Eq "eq" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs != rhs.
    Ne "ne" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs === rhs.
    StrictEq "strict_eq" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs !== rhs.
    StrictNe "strict_ne" (dst: Dst, lhs: Src, rhs: Src, fb: Types);
    /// dst = lhs instanceof rhs.
    InstanceOf "instanceof" (dst: Dst, lhs: Src, rhs: Src, fb: Property);
    /// dst = key in object.
    In "in" (dst: Dst, key: Src, object: Src, fb: Element);

    // ---- control -----------------------------------------------------------------------------------------------
    /// Continue at to. Backward: counts a back-edge and polls for interrupts, as every backward jump does.
    Jump "jump" (to: Jump);
    /// Continue at to if ToBoolean(src).
    JumpTrue "jump_true" (src: Src, to: Jump, fb: Types);
    /// Continue at to if !ToBoolean(src).
    JumpFalse "jump_false" (src: Src, to: Jump, fb: Types);
    /// Continue at to if src is null or undefined.
    JumpNullish "jump_nullish" (src: Src, to: Jump, fb: Types);
    /// Continue at to if src is undefined (default values).
    JumpUndefined "jump_undefined" (src: Src, to: Jump, fb: Types);
    /// Jumps if src is an object.
    JumpObject "jump_object" (src: Src, to: Jump, fb: Types);
    /// Continue at to if lhs < rhs.
    JumpLt "jump_lt" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Continue at to if lhs <= rhs.
    JumpLe "jump_le" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Continue at to if lhs > rhs.
    JumpGt "jump_gt" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Continue at to if lhs >= rhs.
    JumpGe "jump_ge" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Continue at to unless lhs < rhs (not the same as >=: NaN).
    JumpNotLt "jump_not_lt" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Continue at to unless lhs <= rhs.
    JumpNotLe "jump_not_le" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Continue at to unless lhs > rhs.
    JumpNotGt "jump_not_gt" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Continue at to unless lhs >= rhs.
    JumpNotGe "jump_not_ge" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Continue at to if lhs === rhs.
    JumpStrictEq "jump_strict_eq" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Continue at to if lhs !== rhs.
    JumpStrictNe "jump_strict_ne" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Continue at to if lhs == rhs.
    JumpEq "jump_eq" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Continue at to if lhs != rhs.
    JumpNe "jump_ne" (lhs: Src, rhs: Src, to: Jump, fb: Types);
    /// Marks a loop header: the target of backward jumps and the place where optimized code may be entered (OSR).
    /// Does nothing at run time; the frontend puts it first in every loop.
    LoopHeader "loop_header" ();
    /// Leave the function with src.
    Return "return" (src: Src);
    /// Leave a constructor with src if it is an object, else with `this` (checked against the hole: ReferenceError in a
    /// derived constructor; a derived constructor that returns a non-object other than undefined: TypeError).
    ReturnConstruct "return_construct" (src: Src);
    /// Throw src.
    Throw "throw" (src: Src);
    /// Throws the error of the given kind (see `ThrowKind` in `bytecode::function`) with the constant's text.
    ThrowError "throw_error" (kind: Num, text: Const);

    // ---- properties --------------------------------------------------------------------------------------------
    /// dst = object.name.
    GetProp "get_prop" (dst: Dst, object: Src, name: Const, fb: Property);
    /// object.name = src (strict: throws where it cannot).
    SetProp "set_prop" (object: Src, name: Const, src: Src, fb: Property);
    /// `dst = object[key]`.
    GetElem "get_elem" (dst: Dst, object: Src, key: Src, fb: Element);
    /// `object[key] = src`.
    SetElem "set_elem" (object: Src, key: Src, src: Src, fb: Element);
    /// dst = delete object.name.
    DeleteProp "delete_prop" (dst: Dst, object: Src, name: Const);
    /// `dst = delete object[key]`.
    DeleteElem "delete_elem" (dst: Dst, object: Src, key: Src);
    /// Own data property name of object = src: object literals and class fields (writable, enumerable, configurable).
    DefineField "define_field" (object: Src, name: Const, src: Src, fb: Property);
    /// As define_field with a computed key.
    DefineElem "define_elem" (object: Src, key: Src, src: Src);
    /// Own method key of object = src, with object as its home object; flags: see `DefineFlags`.
    DefineMethod "define_method" (object: Src, key: Src, src: Src, flags: Num);
    /// Sets the name of the closure src from key ("get " / "set " prefix by flags): anonymous functions with computed keys.
    SetFunctionName "set_function_name" (src: Src, key: Src, flags: Num);
    /// Prototype of object = src if that is an object or null: `__proto__: v` in a literal.
    SetProto "set_proto" (object: Src, src: Src);
    /// `dst = super[key]`: looked up on the home object's prototype with `this` as receiver.
    GetSuper "get_super" (dst: Dst, key: Src, this: Src);
    /// `super[key] = src`.
    SetSuper "set_super" (key: Src, src: Src, this: Src);
    /// dst = object.#name: the constant is the private name's description, key holds the private symbol.
    GetPrivate "get_private" (dst: Dst, object: Src, key: Src, fb: Element);
    /// object.#name = src.
    SetPrivate "set_private" (object: Src, key: Src, src: Src, fb: Element);
    /// Adds the private member key to object (flags: field 0, method 1, getter 2, setter 3).
    DefinePrivate "define_private" (object: Src, key: Src, src: Src, flags: Num);
    /// dst = #name in object.
    HasPrivate "has_private" (dst: Dst, object: Src, key: Src);
    /// dst = a new private symbol described by name.
    NewPrivateName "new_private_name" (dst: Dst, name: Const);

    // ---- calls -------------------------------------------------------------------------------------------------
    /// dst = call of base with `this` = base+1 and argc arguments from base+2 on. Registers from base on are clobbered.
    Call "call" (dst: Dst, base: Window, argc: Num, fb: Call);
    /// dst = new base(…): base+1 is scratch, argc arguments from base+2 on. Registers from base on are clobbered.
    New "new" (dst: Dst, base: Window, argc: Num, fb: Call);
    /// dst = call of base with `this` = base+1 and the elements of the array in base+2.
    CallSpread "call_spread" (dst: Dst, base: Window, fb: Call);
    /// dst = new base(...array): the array is in base+2.
    NewSpread "new_spread" (dst: Dst, base: Window, fb: Call);
    /// dst = super(…): base and base+1 are scratch, argc arguments from base+2 on; new_target holds new.target. The
    /// parent constructor is the prototype of `callee`.
    SuperCall "super_call" (dst: Dst, callee: Src, new_target: Src, base: Window, argc: Num, fb: Call);
    /// dst = super(...array): the array is in base+2.
    SuperCallSpread "super_call_spread" (dst: Dst, callee: Src, new_target: Src, base: Window, fb: Call);
    /// Runs the field initializer of the class whose constructor is callee on object.
    InitFields "init_fields" (callee: Src, object: Src);
    /// dst = %intrinsic(args): natives syntax; argc arguments from base+2 on.
    Intrinsic "intrinsic" (dst: Dst, id: Num, base: Window, argc: Num);

    // ---- allocation --------------------------------------------------------------------------------------------
    /// dst = closure over child func in the scope.
    NewClosure "new_closure" (dst: Dst, func: Func, scope: Src);
    /// dst = {}, with room for count named properties to come.
    NewObject "new_object" (dst: Dst, count: Num, fb: Literal);
    /// dst = [base, base+1, …]: count elements.
    NewArray "new_array" (dst: Dst, base: Window, count: Num, fb: Literal);
    /// Appends src (HOLE: a hole) to the array: literals with spreads, holes or many elements.
    ArrayPush "array_push" (array: Src, src: Src);
    /// Appends all that iterating src yields.
    ArraySpread "array_spread" (array: Src, src: Src);
    /// Copies the own enumerable properties of src to object, except the keys in the array excluded (undefined: none).
    CopyProps "copy_props" (object: Src, src: Src, excluded: Src);
    /// ctor, ctor+1 = the class's constructor and prototype: child func in scope; parent is HOLE without `extends`.
    NewClass "new_class" (ctor: Window, func: Func, scope: Src, parent: Src);
    /// Class field initializer of the class constructor = the closure src, a method of its prototype.
    SetFieldInit "set_field_init" (ctor: Src, src: Src);
    /// dst = the template object of the call site: cooked strings from base on, then as many raw ones. Cached per site.
    TemplateObject "template_object" (dst: Dst, base: Window, count: Num, fb: Literal);
    /// dst = RegExp literal.
    NewRegExp "new_regexp" (dst: Dst, pattern: Const, flags: Const);

    // ---- iteration ---------------------------------------------------------------------------------------------
    /// iter, iter+1, iter+2 = state of iterating src with for-of. Arrays: the array, the next index, undefined.
    IterInit "iter_init" (iter: Window, src: Src, fb: Element);
    /// dst = next value; continue at exit if there is none. Backward loops jump to this instruction's loop header.
    IterNext "iter_next" (dst: Dst, iter: Window, exit: Jump, fb: Element);
    /// Closes the iteration early (break, return, throw out of the loop).
    IterClose "iter_close" (iter: Window);
    /// iter, iter+1, iter+2 = state of enumerating the keys of src with for-in.
    EnumInit "enum_init" (iter: Window, src: Src);
    /// dst = next key that still exists; continue at exit if there is none.
    EnumNext "enum_next" (dst: Dst, iter: Window, exit: Jump);
    /// Throws TypeError if src is null or undefined: destructuring.
    CheckObject "check_object" (src: Src);

    quickened {
        /// Both int32, no overflow so far.
        ADD_INT AddInt => Add;
        /// Both numbers, at least one a double so far, or an overflow.
        ADD_DOUBLE AddDouble => Add;
        /// Both strings.
        ADD_STRING AddString => Add;
        /// Both int32, no overflow so far.
        SUB_INT SubInt => Sub;
        /// Both numbers.
        SUB_DOUBLE SubDouble => Sub;
        /// Both int32, result neither overflowing nor minus zero.
        MUL_INT MulInt => Mul;
        /// Both numbers.
        MUL_DOUBLE MulDouble => Mul;
        /// Both numbers.
        DIV_DOUBLE DivDouble => Div;
        /// Both int32, neither negative, divisor not zero.
        MOD_INT ModInt => Mod;
        /// int32 + immediate, no overflow so far.
        ADD_IMM_INT AddImmInt => AddImm;
        /// Number + immediate.
        ADD_IMM_DOUBLE AddImmDouble => AddImm;
        /// int32 + 1, no overflow so far.
        INC_INT IncInt => Inc;
        /// int32 - 1, no overflow so far.
        DEC_INT DecInt => Dec;
        /// Already a number.
        TO_NUMBER_NUMBER ToNumberNumber => ToNumber;
        /// Both int32.
        BIT_AND_INT BitAndInt => BitAnd;
        /// Both int32.
        BIT_OR_INT BitOrInt => BitOr;
        /// Both int32.
        BIT_XOR_INT BitXorInt => BitXor;
        /// Both int32.
        SHL_INT ShlInt => Shl;
        /// Both int32.
        SHR_INT ShrInt => Shr;
        /// Both int32, result an int32.
        U_SHR_INT UShrInt => UShr;
        /// Both int32.
        LT_INT LtInt => Lt;
        /// Both int32.
        LE_INT LeInt => Le;
        /// Both int32.
        GT_INT GtInt => Gt;
        /// Both int32.
        GE_INT GeInt => Ge;
        /// Both int32.
        STRICT_EQ_INT StrictEqInt => StrictEq;
        /// Both int32.
        STRICT_NE_INT StrictNeInt => StrictNe;
        /// Both int32.
        JUMP_LT_INT JumpLtInt => JumpLt;
        /// Both numbers.
        JUMP_LT_DOUBLE JumpLtDouble => JumpLt;
        /// Both int32.
        JUMP_LE_INT JumpLeInt => JumpLe;
        /// Both numbers.
        JUMP_LE_DOUBLE JumpLeDouble => JumpLe;
        /// Both int32.
        JUMP_GT_INT JumpGtInt => JumpGt;
        /// Both numbers.
        JUMP_GT_DOUBLE JumpGtDouble => JumpGt;
        /// Both int32.
        JUMP_GE_INT JumpGeInt => JumpGe;
        /// Both numbers.
        JUMP_GE_DOUBLE JumpGeDouble => JumpGe;
        /// Both int32.
        JUMP_NOT_LT_INT JumpNotLtInt => JumpNotLt;
        /// Both numbers.
        JUMP_NOT_LT_DOUBLE JumpNotLtDouble => JumpNotLt;
        /// Both int32.
        JUMP_NOT_LE_INT JumpNotLeInt => JumpNotLe;
        /// Both numbers.
        JUMP_NOT_LE_DOUBLE JumpNotLeDouble => JumpNotLe;
        /// Both int32.
        JUMP_NOT_GT_INT JumpNotGtInt => JumpNotGt;
        /// Both numbers.
        JUMP_NOT_GT_DOUBLE JumpNotGtDouble => JumpNotGt;
        /// Both int32.
        JUMP_NOT_GE_INT JumpNotGeInt => JumpNotGe;
        /// Both numbers.
        JUMP_NOT_GE_DOUBLE JumpNotGeDouble => JumpNotGe;
        /// Both int32.
        JUMP_STRICT_EQ_INT JumpStrictEqInt => JumpStrictEq;
        /// Both int32.
        JUMP_STRICT_NE_INT JumpStrictNeInt => JumpStrictNe;
        /// Operands whose words settle it: null or undefined, objects, atoms.
        STRICT_EQ_WORD StrictEqWord => StrictEq;
        /// Operands whose words settle it.
        STRICT_NE_WORD StrictNeWord => StrictNe;
        /// Operands whose words settle it.
        JUMP_STRICT_EQ_WORD JumpStrictEqWord => JumpStrictEq;
        /// Operands whose words settle it.
        JUMP_STRICT_NE_WORD JumpStrictNeWord => JumpStrictNe;
        /// Operands whose words settle it: int32, null or undefined, objects, atoms.
        JUMP_EQ_WORD JumpEqWord => JumpEq;
        /// Operands whose words settle it.
        JUMP_NE_WORD JumpNeWord => JumpNe;
        /// Both numbers.
        BIT_OR_NUMBER BitOrNumber => BitOr;
        /// Both numbers.
        BIT_AND_NUMBER BitAndNumber => BitAnd;
        /// Both numbers.
        BIT_XOR_NUMBER BitXorNumber => BitXor;
        /// A boolean.
        JUMP_TRUE_BOOL JumpTrueBool => JumpTrue;
        /// A boolean.
        JUMP_FALSE_BOOL JumpFalseBool => JumpFalse;
        /// One shape, in-object slot.
        GET_PROP_OWN GetPropOwn => GetProp;
        /// One shape, slot of a prototype.
        GET_PROP_PROTO GetPropProto => GetProp;
        /// A few shapes, slots of the receiver or of prototypes.
        GET_PROP_MANY GetPropMany => GetProp;
        /// Always a string: its length.
        GET_PROP_STRING_LENGTH GetPropStringLength => GetProp;
        /// Always an array: its length.
        GET_PROP_LENGTH GetPropLength => GetProp;
        /// One shape, in-object slot, no transition.
        SET_PROP_OWN SetPropOwn => SetProp;
        /// A few shapes, in-object slots, no transition.
        SET_PROP_MANY SetPropMany => SetProp;
        /// One shape, adds an in-object slot.
        SET_PROP_ADD SetPropAdd => SetProp;
        /// One shape of the global object.
        GET_GLOBAL_OWN GetGlobalOwn => GetGlobal;
        /// One shape: array of tagged elements, int32 index of one that is there.
        GET_ELEM_ARRAY GetElemArray => GetElem;
        /// One shape: packed array of doubles, int32 index in bounds.
        GET_ELEM_DOUBLE GetElemDouble => GetElem;
        /// Always a string, int32 index in bounds.
        GET_ELEM_STRING GetElemString => GetElem;
        /// One shape of typed arrays, int32 index in bounds.
        GET_ELEM_TYPED GetElemTyped => GetElem;
        /// One shape: array of any values, int32 index of an element that is there.
        SET_ELEM_ARRAY SetElemArray => SetElem;
        /// One shape: array of int32s, int32 index of an element that is there, int32 value.
        SET_ELEM_INT SetElemInt => SetElem;
        /// One shape: packed array of doubles, int32 index in bounds, value a number.
        SET_ELEM_DOUBLE SetElemDouble => SetElem;
        /// One shape of typed arrays, int32 index in bounds, value a number.
        SET_ELEM_TYPED SetElemTyped => SetElem;
        /// Always a typed array: its length.
        GET_PROP_TYPED_LENGTH GetPropTypedLength => GetProp;
        /// A closure over bytecode that is not a class constructor.
        CALL_FUNCTION CallFunction => Call;
        /// One of a few texts of functions, under any identity.
        CALL_CLOSURE CallClosure => Call;
        /// Always the same native function.
        CALL_NATIVE CallNative => Call;
    }

    // Two instructions, executed as one: see `fuse`.
    fused {
        LOAD_INT_SUB LoadIntSub => LoadInt as LoadInt then Sub;
        LOAD_INT_MOD LoadIntMod => LoadInt as LoadInt then Mod;
        LOAD_INT_BIT_AND LoadIntBitAnd => LoadInt as LoadInt then BitAnd;
        LOAD_INT_BIT_OR LoadIntBitOr => LoadInt as LoadInt then BitOr;
        LOAD_INT_BIT_XOR LoadIntBitXor => LoadInt as LoadInt then BitXor;
        LOAD_INT_SHL LoadIntShl => LoadInt as LoadInt then Shl;
        LOAD_INT_SHR LoadIntShr => LoadInt as LoadInt then Shr;
        LOAD_INT_USHR LoadIntUShr => LoadInt as LoadInt then UShr;
        LOAD_INT_JUMP_LT LoadIntJumpLt => LoadInt as LoadInt then JumpLt;
        LOAD_INT_JUMP_LE LoadIntJumpLe => LoadInt as LoadInt then JumpLe;
        LOAD_INT_JUMP_GT LoadIntJumpGt => LoadInt as LoadInt then JumpGt;
        LOAD_INT_JUMP_GE LoadIntJumpGe => LoadInt as LoadInt then JumpGe;
        LOAD_INT_JUMP_NOT_LT LoadIntJumpNotLt => LoadInt as LoadInt then JumpNotLt;
        LOAD_INT_JUMP_NOT_LE LoadIntJumpNotLe => LoadInt as LoadInt then JumpNotLe;
        LOAD_INT_JUMP_NOT_GT LoadIntJumpNotGt => LoadInt as LoadInt then JumpNotGt;
        LOAD_INT_JUMP_NOT_GE LoadIntJumpNotGe => LoadInt as LoadInt then JumpNotGe;
        LOAD_INT_JUMP_STRICT_EQ LoadIntJumpStrictEq => LoadInt as LoadInt then JumpStrictEq;
        LOAD_INT_JUMP_STRICT_NE LoadIntJumpStrictNe => LoadInt as LoadInt then JumpStrictNe;
        LOAD_INT_SET_ELEM LoadIntSetElem => LoadInt as LoadInt then SetElem;
        LOAD_CONST_BIT_AND LoadConstBitAnd => LoadConst as LoadConst then BitAnd;
        LOAD_CONST_JUMP_STRICT_EQ LoadConstJumpStrictEq => LoadConst as LoadConst then JumpStrictEq;
        LOAD_CONST_JUMP_STRICT_NE LoadConstJumpStrictNe => LoadConst as LoadConst then JumpStrictNe;
        LOAD_NULL_JUMP_STRICT_EQ LoadNullJumpStrictEq => LoadNull as LoadNull then JumpStrictEq;
        LOAD_NULL_JUMP_STRICT_NE LoadNullJumpStrictNe => LoadNull as LoadNull then JumpStrictNe;
        LOAD_NULL_JUMP_EQ LoadNullJumpEq => LoadNull as LoadNull then JumpEq;
        LOAD_NULL_JUMP_NE LoadNullJumpNe => LoadNull as LoadNull then JumpNe;
        LOAD_UNDEFINED_LOAD_INT LoadUndefinedLoadInt => LoadUndefined as LoadUndefined then LoadInt;
        LOAD_UNDEFINED_MOVE LoadUndefinedMove => LoadUndefined as LoadUndefined then Move;
        LOAD_UNDEFINED_RETURN LoadUndefinedReturn => LoadUndefined as LoadUndefined then Return;
        LOAD_THIS_GET_PROP LoadThisGetProp => LoadThis as LoadThis then GetProp;
        GET_MODULE_LOAD_UNDEFINED GetModuleLoadUndefined => GetModule as GetModule then LoadUndefined;
        GET_MODULE_MOVE GetModuleMove => GetModule as GetModule then Move;
        GET_MODULE_LOAD_INT GetModuleLoadInt => GetModule as GetModule then LoadInt;
        MOVE_MOVE MoveMove => Move as Move then Move;
        MOVE_GET_PROP MoveGetProp => Move as Move then GetProp;
        MOVE_CALL MoveCall => Move as Move then Call;
        MOVE_LOAD_UNDEFINED MoveLoadUndefined => Move as Move then LoadUndefined;
        MOVE_JUMP MoveJump => Move as Move then Jump;
        INC_INT_LOAD_INT IncIntLoadInt => Inc as IncInt then LoadInt;
        INC_INT_JUMP IncIntJump => Inc as IncInt then Jump;
        INC_INT_JUMP_LT IncIntJumpLt => Inc as IncInt then JumpLt;
        INC_INT_JUMP_LE IncIntJumpLe => Inc as IncInt then JumpLe;
    }
}

impl Insn {
    /// First register and length of the window that this instruction reads (and may clobber), if it has one.
    pub fn window(&self) -> Option<(Reg, u16)> {
        let base =
            self.operands().iter().find_map(|o| if let Operand::Window(base) = o { Some(*base) } else { None })?;
        // Callee and `this` stand before arguments.
        let length = if let Insn::Call { argc, .. }
        | Insn::New { argc, .. }
        | Insn::Intrinsic { argc, .. }
        | Insn::SuperCall { argc, .. } = *self
        {
            argc + 2
        } else if let Insn::NewArray { count, .. } = *self {
            count
        } else if let Insn::TemplateObject { count, .. } = *self {
            count * 2
        } else if self.op() == Op::NewClass {
            2
        } else {
            let three = matches!(
                self.op(),
                Op::CallSpread
                    | Op::NewSpread
                    | Op::SuperCallSpread
                    | Op::IterInit
                    | Op::IterNext
                    | Op::IterClose
                    | Op::EnumInit
                    | Op::EnumNext
            );
            assert!(three, "{self:?} has a window of unknown length");
            3
        };
        Some((base, length))
    }

    /// The jump offset of a jumping instruction.
    pub fn jump_offset(&self) -> Option<i32> {
        self.operands().iter().find_map(|o| if let Operand::Jump(to) = o { Some(*to) } else { None })
    }

    /// Whether control never falls through to the next instruction.
    pub fn ends_block(&self) -> bool {
        matches!(self.op(), Op::Jump | Op::Return | Op::ReturnConstruct | Op::Throw | Op::ThrowError | Op::ThrowAssign)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_round_trips() {
        let insns = [
            Insn::LoadInt { dst: Reg(3), value: -7 },
            Insn::JumpNotLt { lhs: Reg(1), rhs: Reg(2), to: -70000, fb: 9 },
            Insn::SuperCall { dst: Reg(0), callee: Reg(1), new_target: Reg(2), base: Reg(3), argc: 4, fb: 5 },
            Insn::LoopHeader {},
        ];
        let mut code = Vec::new();
        for i in &insns {
            i.encode(&mut code);
        }
        let mut at = 0;
        for i in &insns {
            assert_eq!(Insn::decode(&code, at), *i);
            at += i.op().units();
        }
        assert_eq!(at, code.len());
    }

    #[test]
    fn quickened_opcodes_are_disjoint_from_the_table() {
        for (unit, name) in quick::ALL {
            assert!(*unit as usize >= Op::ALL.len(), "{name}");
            assert!((quick::base_of(*unit) as usize) < Op::ALL.len(), "{name}");
        }
    }
}
