//! Which kind of cause deopts for a reason have, and what a program can do about them, in a sentence each.

use crate::vocab::DeoptReason;

/// Where the cause of a deopt is to be looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cause {
    /// Whoever made an object with that shape.
    Shape,
    /// Whoever put the value there.
    Value,
    /// Whoever made the function that was called, or put it there.
    Identity,
    /// Whoever called while nothing was known of this case yet.
    Training,
    /// Whoever changed what was taken for constant.
    Change,
    /// The operation itself.
    Operation,
}

/// The kind of cause that deopts for a reason have, and what a program can do about them.
fn known(reason: DeoptReason) -> (Cause, &'static str) {
    match reason {
        DeoptReason::WrongShape => {
            (Cause::Shape, "Give all objects that meet here the same properties, in the same order, from the start.")
        }
        DeoptReason::NotInt32 | DeoptReason::NotNumber | DeoptReason::NotANumber => {
            (Cause::Value, "Convert where the value enters (Number(x), x | 0), so that this place sees one type.")
        }
        DeoptReason::NotString => {
            (Cause::Value, "Convert where the value enters (String(x)), so that this place sees strings only.")
        }
        DeoptReason::NotBoolean => (Cause::Value, "Compare explicitly, so that this place sees booleans only."),
        DeoptReason::NotObject | DeoptReason::NotNullish => {
            (Cause::Value, "Keep missing values out of the hot path, or handle them before it.")
        }
        DeoptReason::NotArray | DeoptReason::NotFunction => (Cause::Value, "Pass one kind of object to this place."),
        DeoptReason::WrongValue | DeoptReason::WrongCallTarget => {
            (Cause::Identity, "Make the function once and pass that one, or split this place by what it calls.")
        }
        DeoptReason::WrongKey => (Cause::Value, "Use one key at this place, or a Map."),
        DeoptReason::WrongElementsKind => (Cause::Shape, "Fill arrays with one type of element, without holes."),
        DeoptReason::Overflow | DeoptReason::LostPrecision => {
            (Cause::Operation, "Keep the number in int32 range (x | 0), or let it be a double from the start.")
        }
        DeoptReason::MinusZero => (Cause::Operation, "Avoid -0 where integers are meant (x | 0, or + 0)."),
        DeoptReason::DivisionByZero => (Cause::Operation, "Test the divisor before the division."),
        DeoptReason::OutOfBounds | DeoptReason::NotAnIndex => {
            (Cause::Operation, "Test the index against the length before the access.")
        }
        DeoptReason::Hole => (Cause::Operation, "Fill the array from the start, so that it has no holes."),
        DeoptReason::GrowTooFar => {
            (Cause::Operation, "Append one element after the other, or make the array in its full length.")
        }
        DeoptReason::NoFeedbackNamedAccess
        | DeoptReason::NoFeedbackKeyedAccess
        | DeoptReason::NoFeedbackCall
        | DeoptReason::NoFeedbackConstruct
        | DeoptReason::NoFeedbackOperation
        | DeoptReason::NoFeedbackCompare
        | DeoptReason::NoFeedbackIterate
        | DeoptReason::NeverTakenBranch
        | DeoptReason::NeverTakenCase => {
            (Cause::Training, "Let warm-up take this path too; once is enough, the next compile knows it.")
        }
        DeoptReason::Exception => (Cause::Operation, "Do not use exceptions for what happens all the time."),
        DeoptReason::UninitializedBinding => (Cause::Operation, "Declare before use."),
        DeoptReason::StackOrInterrupt | DeoptReason::OsrLoopEnded | DeoptReason::Stress | DeoptReason::Requested => {
            (Cause::Operation, "Nothing: this is part of normal operation.")
        }
        DeoptReason::Unsupported => (Cause::Operation, "Move the rare operation out of the hot function."),
        DeoptReason::PrototypeChanged | DeoptReason::MethodRedefined | DeoptReason::BuiltinRedefined => {
            (Cause::Change, "Change prototypes and methods once, before the code that uses them is hot.")
        }
        DeoptReason::BindingReassigned | DeoptReason::FieldReassigned => (
            Cause::Change,
            "Do not assign what hot code reads as a constant; keep what changes in an object's field or a parameter.",
        ),
        DeoptReason::ShapeChanged | DeoptReason::ElementsPrototypeChanged => {
            (Cause::Change, "Do not change the layout that hot code relies on.")
        }
        DeoptReason::CodeDiscarded => {
            (Cause::Change, "Look at what discarded the code: another deopt, or a full code cache.")
        }
    }
}

/// The kind of cause that deopts for a reason have.
pub(super) fn cause(reason: DeoptReason) -> Cause {
    known(reason).0
}

/// What a program can do about deopts for a reason.
pub(super) fn advice(reason: DeoptReason) -> &'static str {
    known(reason).1
}
