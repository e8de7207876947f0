//! Which of the lowering's files handles which operation: one list per file, as patterns.
//!
//! The match over instructions in `mod.rs` names every list once, so an operation on none of them does not compile; a
//! file that lowers its own list names the other five as not its business.

/// What moves control, enters, and leaves: `mod.rs` itself.
macro_rules! control {
    () => {
        Op::Phi { .. }
            | Op::Const { .. }
            | Op::Param { .. }
            | Op::This { .. }
            | Op::Callee { .. }
            | Op::NewTarget { .. }
            | Op::SetNewTarget { .. }
            | Op::LoadScratch { .. }
            | Op::OsrRegister { .. }
            | Op::Jump { .. }
            | Op::Branch { .. }
            | Op::Return { .. }
            | Op::Deopt { .. }
            | Op::Unreachable { .. }
    };
}

/// Guards and tests on what a value is: `objects.rs`.
macro_rules! checks {
    () => {
        Op::CheckInt32 { .. }
            | Op::CheckNumber { .. }
            | Op::CheckBool { .. }
            | Op::CheckString { .. }
            | Op::CheckObject { .. }
            | Op::CheckNotNullish { .. }
            | Op::CheckNotHole { .. }
            | Op::CheckShape { .. }
            | Op::CheckArrayShape { .. }
            | Op::CheckTarget { .. }
            | Op::CheckFunction { .. }
            | Op::CheckKey { .. }
            | Op::Safepoint { .. }
            | Op::AssumeShape { .. }
            | Op::AssumeArrayShape { .. }
            | Op::AssumeType { .. }
            | Op::HasType { .. }
            | Op::HasShape { .. }
            | Op::IsClosureOf { .. }
            | Op::ObjectOr { .. }
            | Op::Returned { .. }
    };
}

/// Arithmetic, comparisons, representations: `numbers.rs`.
macro_rules! numbers {
    () => {
        Op::CheckBounds { .. }
            | Op::CheckMulZero { .. }
            | Op::CheckModZero { .. }
            | Op::CheckUint32 { .. }
            | Op::TruncateNullish { .. }
            | Op::CheckDoubleToInt32 { .. }
            | Op::CheckNumberToDouble { .. }
            | Op::Int32Add { .. }
            | Op::Int32Sub { .. }
            | Op::Int32Mul { .. }
            | Op::Int32AddChecked { .. }
            | Op::Int32SubChecked { .. }
            | Op::Int32MulChecked { .. }
            | Op::Int32DivChecked { .. }
            | Op::Int32ModChecked { .. }
            | Op::Int32Div { .. }
            | Op::Int32Mod { .. }
            | Op::Int32NegChecked { .. }
            | Op::Int32AbsChecked { .. }
            | Op::Int32And { .. }
            | Op::Int32Or { .. }
            | Op::Int32Xor { .. }
            | Op::Int32Not { .. }
            | Op::Int32Shl { .. }
            | Op::Int32Sar { .. }
            | Op::Int32Rotl { .. }
            | Op::Int32Shr { .. }
            | Op::Int32Min { .. }
            | Op::Int32Max { .. }
            | Op::IndexInBounds { .. }
            | Op::Int32Compare { .. }
            | Op::DoubleAdd { .. }
            | Op::DoubleSub { .. }
            | Op::DoubleMul { .. }
            | Op::DoubleDiv { .. }
            | Op::DoubleMod { .. }
            | Op::DoublePow { .. }
            | Op::DoubleAtan2 { .. }
            | Op::DoubleMin { .. }
            | Op::DoubleMax { .. }
            | Op::DoubleNeg { .. }
            | Op::DoubleAbs { .. }
            | Op::DoubleSqrt { .. }
            | Op::DoubleFloor { .. }
            | Op::DoubleCeil { .. }
            | Op::DoubleTrunc { .. }
            | Op::DoubleRound { .. }
            | Op::DoubleMath { .. }
            | Op::DoubleCompare { .. }
            | Op::DoubleIsTruthy { .. }
            | Op::DoubleClamp { .. }
            | Op::DoubleTruncate { .. }
            | Op::Int32ToDouble { .. }
            | Op::Uint32ToDouble { .. }
            | Op::BoxInt32 { .. }
            | Op::BoxDouble { .. }
            | Op::BoxNumber { .. }
            | Op::BoxBool { .. }
            | Op::UnboxInt32 { .. }
            | Op::UnboxNumber { .. }
            | Op::UnboxBool { .. }
            | Op::BoolNot { .. }
            | Op::IsTruthy { .. }
            | Op::TaggedEqual { .. }
            | Op::StrictEqual { .. }
    };
}

/// Strings: `strings.rs`.
macro_rules! strings {
    () => {
        Op::StringLength { .. }
            | Op::StringCodeAt { .. }
            | Op::StringCharAt { .. }
            | Op::StringFromCode { .. }
            | Op::StringEqual { .. }
            | Op::StringCompare { .. }
            | Op::StringConcat { .. }
    };
}

/// Calls: `calls.rs`.
macro_rules! calls {
    () => {
        Op::Call { .. }
            | Op::CallDirect { .. }
            | Op::Construct { .. }
            | Op::CallRuntime { .. }
            | Op::Throw { .. }
            | Op::CaughtException { .. }
            | Op::RestArguments { .. }
            | Op::ArgumentsObject { .. }
    };
}

/// Slots, elements, variables, allocation: `objects.rs`.
macro_rules! objects {
    () => {
        Op::LoadSlot { .. }
            | Op::StoreSlot { .. }
            | Op::StoreShape { .. }
            | Op::WidenToDouble { .. }
            | Op::LoadElements { .. }
            | Op::LoadLength { .. }
            | Op::LoadLengthHoley { .. }
            | Op::LoadCapacity { .. }
            | Op::CheckInitialShape { .. }
            | Op::LoadElementInt32 { .. }
            | Op::LoadElementDouble { .. }
            | Op::LoadElement { .. }
            | Op::LoadElementHoleyInt32 { .. }
            | Op::LoadElementHoleyDouble { .. }
            | Op::LoadElementHoley { .. }
            | Op::LoadElementOrUndefined { .. }
            | Op::StoreElementInt32 { .. }
            | Op::StoreElementDouble { .. }
            | Op::StoreElement { .. }
            | Op::ArrayPush { .. }
            | Op::ArrayPushWidening { .. }
            | Op::ArrayPushDouble { .. }
            | Op::ArrayPop { .. }
            | Op::LoadTypedLength { .. }
            | Op::LoadTypedData { .. }
            | Op::LoadTypedInt32 { .. }
            | Op::LoadTypedDouble { .. }
            | Op::StoreTypedInt32 { .. }
            | Op::StoreTypedDouble { .. }
            | Op::LoadModuleCell { .. }
            | Op::StoreModuleCell { .. }
            | Op::ClosureScope { .. }
            | Op::ScopeParent { .. }
            | Op::LoadScopeSlot { .. }
            | Op::StoreScopeSlot { .. }
            | Op::NewObject { .. }
            | Op::NewArray { .. }
            | Op::NewClosure { .. }
            | Op::NewScope { .. }
    };
}

pub(super) use {calls, checks, control, numbers, objects, strings};
