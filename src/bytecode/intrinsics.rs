//! The natives syntax: `%Name(args)`, with V8's names and meanings, and the operations of the prelude.
//!
//! One row per intrinsic. The frontend turns the call into `intrinsic` with the row's number; the VM implements it. What the
//! prelude (`lang/prelude/`) is written in, the optimizing compiler knows as well.

macro_rules! define_intrinsics {
    ($( $(#[doc = $doc:literal])+ $name:ident ( $min:literal ..= $max:literal ); )+) => {
        /// An intrinsic function: the `id` operand of `intrinsic`.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u16)]
        pub enum IntrinsicId { $( $(#[doc = $doc])+ $name ),+ }

        impl IntrinsicId {
            /// Every intrinsic, in numeric order.
            pub const ALL: &'static [IntrinsicId] = &[ $( IntrinsicId::$name ),+ ];

            /// The name after the percent sign.
            pub const fn name(self) -> &'static str {
                match self { $( IntrinsicId::$name => stringify!($name) ),+ }
            }
            /// Fewest and most arguments.
            pub const fn arity(self) -> (u16, u16) {
                match self { $( IntrinsicId::$name => ($min, $max) ),+ }
            }
            /// The row's documentation.
            pub const fn doc(self) -> &'static str {
                match self { $( IntrinsicId::$name => concat!($($doc),+) ),+ }
            }
            /// Looks a name up.
            pub fn by_name(name: &str) -> Option<IntrinsicId> {
                IntrinsicId::ALL.iter().copied().find(|i| i.name() == name)
            }
            /// The row with a number, if there is one.
            pub fn by_id(id: u16) -> Option<IntrinsicId> {
                IntrinsicId::ALL.get(usize::from(id)).copied()
            }
        }
    };
}

define_intrinsics! {
    /// Bit set that tells in which state and tier a function is.
    GetOptimizationStatus (1..=2);
    /// The next call of the function compiles it at the highest tier first.
    OptimizeFunctionOnNextCall (1..=2);
    /// The next call compiles the function at the baseline tier first.
    CompileBaseline (1..=1);
    /// Keeps feedback alive so that the function can be optimized on request.
    PrepareFunctionForOptimization (1..=2);
    /// Discards the function's optimized code.
    DeoptimizeFunction (1..=1);
    /// The running function leaves its optimized code here.
    DeoptimizeNow (0..=0);
    /// The function is never optimized.
    NeverOptimizeFunction (1..=1);
    /// The running loop of the calling function enters optimized code at its next back-edge.
    OptimizeOsr (0..=1);
    /// Whether two objects have the same shape.
    HaveSameMap (2..=2);
    /// Forgets what the function's feedback has learnt.
    ClearFunctionFeedback (1..=1);
    /// Whether the running frame is optimized code.
    IsBeingInterpreted (0..=0);
    /// Waits until every background compile is installed.
    FinalizeOptimization (0..=0);
    /// Whether the object's properties are in dictionary mode.
    HasFastProperties (1..=1);
    /// Whether the array's elements are packed small integers.
    HasSmiElements (1..=1);
    /// Whether the array's elements are unboxed doubles.
    HasDoubleElements (1..=1);
    /// Whether the array's elements are tagged values.
    HasObjectElements (1..=1);
    /// Whether the array's elements may have holes.
    HasHoleyElements (1..=1);
    /// Runs a full collection.
    CollectGarbage (0..=1);
    /// Prints a value's representation for debugging.
    DebugPrint (1..=1);
    /// The value of a JSON text: large literals of constants are lowered to it.
    ParseData (1..=1);
    /// Prelude: calls the first argument with the second as `this`; lowered to an ordinary call.
    Call (2..=255);
    /// Prelude: the length of an array.
    ArrayLength (1..=1);
    /// Prelude: whether an array, or what it inherits from, has an element.
    HasElement (2..=2);
    /// Prelude: an element of an array.
    GetElement (2..=2);
    /// Prelude: an empty array with room for as many elements.
    NewArray (1..=1);
    /// Prelude: appends a value to an array that `NewArray` has made.
    Append (2..=2);
    /// Prelude: appends a hole to an array that `NewArray` has made.
    AppendHole (1..=1);
}
