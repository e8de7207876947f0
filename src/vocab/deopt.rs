//! Why optimized code was left, at which moment, and what is done about it.
//!
//! Three tables. A [`DeoptReason`] says what a guard expected and did not find; beside it stand the words that V8 and
//! HotSpot use for the same thing, so that exporters and readers of their logs need no second list. A [`DeoptKind`]
//! says when the exit happens. A [`DeoptAction`] is HotSpot's answer: what becomes of the code.

use super::vocabulary;

vocabulary! {
    /// When a deopt happens, relative to what it objects to.
    pub enum DeoptKind {
        /// A guard in the running code failed; the code leaves before the operation.
        Eager = "eager",
        /// The code was invalidated while a call was pending; the activation leaves when the call returns.
        Lazy = "lazy",
        /// The code came to a place for which there was no feedback, so nothing was compiled there.
        Soft = "soft",
    }
}

vocabulary! {
    /// What is done with the code that was left. Names and meaning are HotSpot's.
    pub enum DeoptAction {
        /// Nothing: the code stays and the next call enters it again.
        None = "none",
        /// The code stays for now; counters run on and may lead to a recompile.
        MaybeRecompile = "maybe_recompile",
        /// The code is thrown away; the function runs in a profiling tier before it is compiled again.
        Reinterpret = "reinterpret",
        /// The code is thrown away; the function may be compiled again as soon as it is hot.
        MakeNotEntrant = "make_not_entrant",
        /// The code is thrown away and the function is never optimized again.
        MakeNotCompilable = "make_not_compilable",
    }
}

impl DeoptAction {
    /// Whether the code may not be entered any more.
    pub const fn discards_code(self) -> bool {
        match self {
            DeoptAction::None | DeoptAction::MaybeRecompile => false,
            DeoptAction::Reinterpret | DeoptAction::MakeNotEntrant | DeoptAction::MakeNotCompilable => true,
        }
    }
}

/// Declares the reasons: kind, action when no policy objects, name, V8's words, HotSpot's word, sentence.
macro_rules! deopt_reasons {
    ($($(#[doc = $doc:literal])+ $Row:ident = $name:literal, $kind:ident, $action:ident, $v8:literal, $hotspot:literal;)+) => {
        vocabulary! {
            /// What made optimized code give up.
            pub enum DeoptReason { $($(#[doc = $doc])+ $Row = $name,)+ }
        }
        impl DeoptReason {
            /// The kind of deopt that this reason leads to.
            pub const fn kind(self) -> DeoptKind {
                match self { $(DeoptReason::$Row => DeoptKind::$kind,)+ }
            }

            /// The action that compiled code asks for; a policy may answer with another.
            pub const fn default_action(self) -> DeoptAction {
                match self { $(DeoptReason::$Row => DeoptAction::$action,)+ }
            }

            /// V8's words for it.
            pub const fn v8_text(self) -> &'static str {
                match self { $(DeoptReason::$Row => $v8,)+ }
            }

            /// HotSpot's trap reason for it.
            pub const fn hotspot_name(self) -> &'static str {
                match self { $(DeoptReason::$Row => $hotspot,)+ }
            }
        }
    };
}

deopt_reasons! {
    // -- the value is not what feedback promised
    /// The object's shape is none of those the site had seen.
    WrongShape = "wrong-shape", Eager, Reinterpret, "wrong map", "class_check";
    /// A value expected to be a small integer is not one.
    NotInt32 = "not-int32", Eager, Reinterpret, "not a Smi", "class_check";
    /// A value expected to be a number is not one.
    NotNumber = "not-number", Eager, Reinterpret, "not a Number", "class_check";
    /// A value expected to be a string is not one.
    NotString = "not-string", Eager, Reinterpret, "not a String", "class_check";
    /// A value expected to be a boolean is not one.
    NotBoolean = "not-boolean", Eager, Reinterpret, "not a Boolean", "class_check";
    /// A value expected to be an object is a primitive.
    NotObject = "not-object", Eager, Reinterpret, "not a JavaScript object", "null_check";
    /// A value expected to be an array is not one.
    NotArray = "not-array", Eager, Reinterpret, "wrong instance type", "class_check";
    /// A value expected to be callable is not.
    NotFunction = "not-function", Eager, Reinterpret, "wrong instance type", "class_check";
    /// A value expected to be undefined or null is something else, or the other way round.
    NotNullish = "not-nullish", Eager, Reinterpret, "not null or undefined", "null_check";
    /// A value was not the very one that the code was specialized to.
    WrongValue = "wrong-value", Eager, Reinterpret, "wrong value", "class_check";
    /// A property key was not the one the site had always seen.
    WrongKey = "wrong-key", Eager, Reinterpret, "wrong name", "class_check";
    /// A call went to a function the site had not seen.
    WrongCallTarget = "wrong-call-target", Eager, Reinterpret, "wrong call target", "bimorphic";
    /// An array's elements are of another kind than the site had seen.
    WrongElementsKind = "wrong-elements-kind", Eager, Reinterpret, "wrong map", "array_check";

    // -- arithmetic left its range
    /// An integer operation left the int32 range.
    Overflow = "overflow", Eager, Reinterpret, "overflow", "intrinsic";
    /// The result is -0, which int32 cannot represent.
    MinusZero = "minus-zero", Eager, Reinterpret, "minus zero", "intrinsic";
    /// A division by zero, where the result was taken for an integer.
    DivisionByZero = "division-by-zero", Eager, Reinterpret, "division by zero", "div0_check";
    /// A double that was taken for an integer has a fraction or is too large.
    LostPrecision = "lost-precision", Eager, Reinterpret, "lost precision", "intrinsic";
    /// NaN appeared where an integer or an ordered number was expected.
    NotANumber = "nan", Eager, Reinterpret, "NaN", "intrinsic";

    // -- elements
    /// An index lies outside the array or string.
    OutOfBounds = "out-of-bounds", Eager, Reinterpret, "out of bounds", "range_check";
    /// A negative or fractional number was used as an index.
    NotAnIndex = "not-an-index", Eager, Reinterpret, "not an array index", "range_check";
    /// An element that is a hole was read.
    Hole = "hole", Eager, Reinterpret, "hole", "null_check";
    /// A store past the end would have to grow the array further than optimized code does.
    GrowTooFar = "grow-too-far", Eager, Reinterpret, "couldn't grow elements", "range_check";

    // -- no feedback: nothing was compiled for this place
    /// A named property access that had never been executed.
    NoFeedbackNamedAccess = "insufficient-feedback-named-access", Soft, Reinterpret,
        "Insufficient type feedback for generic named access", "uninitialized";
    /// A keyed access that had never been executed.
    NoFeedbackKeyedAccess = "insufficient-feedback-keyed-access", Soft, Reinterpret,
        "Insufficient type feedback for generic keyed access", "uninitialized";
    /// A call that had never been executed.
    NoFeedbackCall = "insufficient-feedback-call", Soft, Reinterpret,
        "Insufficient type feedback for call", "uninitialized";
    /// A construct call that had never been executed.
    NoFeedbackConstruct = "insufficient-feedback-construct", Soft, Reinterpret,
        "Insufficient type feedback for construct", "uninitialized";
    /// A unary or binary operation that had never been executed.
    NoFeedbackOperation = "insufficient-feedback-operation", Soft, Reinterpret,
        "Insufficient type feedback for binary operation", "uninitialized";
    /// A comparison that had never been executed.
    NoFeedbackCompare = "insufficient-feedback-compare", Soft, Reinterpret,
        "Insufficient type feedback for compare operation", "uninitialized";
    /// A loop over an iterable or keys that had never been executed.
    NoFeedbackIterate = "insufficient-feedback-iterate", Soft, Reinterpret,
        "Insufficient type feedback for for-in", "uninitialized";
    /// A branch that had never been taken was taken.
    NeverTakenBranch = "never-taken-branch", Soft, Reinterpret,
        "Insufficient type feedback for branch", "unstable_if";
    /// A switch case that had never been taken was taken.
    NeverTakenCase = "never-taken-case", Soft, Reinterpret, "Insufficient type feedback for switch", "unreached";

    // -- the program does something that optimized code leaves to the lower tiers
    /// An exception was thrown and its handler is not compiled in optimized code.
    Exception = "exception", Eager, None, "exception handler", "unhandled";
    /// A binding was read before its declaration ran.
    UninitializedBinding = "uninitialized-binding", Eager, None, "hole", "null_check";
    /// The stack is nearly full or an interrupt is pending.
    StackOrInterrupt = "stack-or-interrupt", Eager, None, "stack check", "none";
    /// The loop that was entered by OSR has ended and the code after it was not compiled.
    OsrLoopEnded = "osr-loop-ended", Eager, None, "prepare for on stack replacement", "unreached";
    /// A rare operation that optimized code does not implement.
    Unsupported = "unsupported", Eager, None, "unknown", "unhandled";

    // -- an assumption fell
    /// A prototype that the code relied on was changed.
    PrototypeChanged = "prototype-changed", Lazy, Reinterpret, "prototype change", "constraint";
    /// A binding that the code took for constant was assigned.
    BindingReassigned = "binding-reassigned", Lazy, Reinterpret, "const tracking let", "constraint";
    /// A field that the code took for constant was written.
    FieldReassigned = "field-reassigned", Lazy, Reinterpret, "field const change", "constraint";
    /// A method that the code had inlined or bound was replaced.
    MethodRedefined = "method-redefined", Lazy, Reinterpret, "dependent code", "constraint";
    /// A shape that the code took for final was changed.
    ShapeChanged = "shape-changed", Lazy, Reinterpret, "transition", "constraint";
    /// Holes no longer read as undefined, because a prototype got elements.
    ElementsPrototypeChanged = "elements-prototype-changed", Lazy, Reinterpret, "property cell change", "constraint";
    /// A built-in that the code relied on was replaced.
    BuiltinRedefined = "builtin-redefined", Lazy, Reinterpret, "property cell change", "constraint";
    /// The code was marked not entrant for a reason outside of the activation, such as eviction or another deopt.
    CodeDiscarded = "code-discarded", Lazy, None, "marked for deoptimization", "tenured";
    /// A native asked for it.
    Requested = "requested", Lazy, Reinterpret, "requested", "none";
    /// A stress mode forced the exit.
    Stress = "stress", Eager, None, "stress", "none";
}

impl DeoptReason {
    /// The reason in words, for people: the sentence without its full stop.
    pub fn text(self) -> &'static str {
        self.describe().trim_end_matches('.')
    }

    /// Whether feedback collected afterwards can teach the compiler not to repeat the speculation.
    pub const fn is_speculation(self) -> bool {
        !matches!(self.default_action(), DeoptAction::None)
    }
}

impl From<super::InvalidationCause> for DeoptReason {
    fn from(cause: super::InvalidationCause) -> DeoptReason {
        use super::InvalidationCause as Cause;
        match cause {
            Cause::PrototypeChanged => DeoptReason::PrototypeChanged,
            Cause::BindingReassigned => DeoptReason::BindingReassigned,
            Cause::FieldReassigned => DeoptReason::FieldReassigned,
            Cause::MethodRedefined => DeoptReason::MethodRedefined,
            Cause::ShapeChanged => DeoptReason::ShapeChanged,
            Cause::ElementsPrototypeChanged => DeoptReason::ElementsPrototypeChanged,
            Cause::BuiltinRedefined => DeoptReason::BuiltinRedefined,
            Cause::Requested => DeoptReason::Requested,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::InvalidationCause;

    #[test]
    fn invalidations_become_lazy_deopts() {
        for &cause in InvalidationCause::ALL {
            assert_eq!(DeoptReason::from(cause).kind(), DeoptKind::Lazy, "{cause}");
        }
    }

    #[test]
    fn missing_feedback_is_soft_and_teaches() {
        for &reason in DeoptReason::ALL {
            if reason.name().starts_with("insufficient-feedback") || reason.name().starts_with("never-taken") {
                assert_eq!(reason.kind(), DeoptKind::Soft, "{reason}");
                assert!(reason.is_speculation(), "{reason}");
            }
        }
        assert!(!DeoptReason::Exception.is_speculation());
    }
}
