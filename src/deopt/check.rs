//! Proves, for one side exit, that each interpreter register is rebuilt from a value that holds it.
//!
//! Three parties speak about a side exit, and this room believes none of them alone:
//!
//! ```text
//!   frame state (HIR)    register r3 of the inlined frame holds value v17          FrameClaim
//!   codegen              buffer word 4 was stored from v17, as int32               StoredWord
//!   recipe               register r3 is rebuilt from word 4, int32                 Recipe
//!   facts (HIR)          v17 is an int32; v9 is the constant 2.5; v30 is virtual   ValueFacts
//! ```
//!
//! The check is symbolic: no program runs. It walks claims and recipe side by side, follows virtual objects through
//! both (they must correspond one to one, cycles included), and lists every disagreement. It runs for every exit of
//! every compile in debug builds. Values are HIR value ids as plain numbers, so that this room does not know the HIR.
//!
//! The idea is regalloc2's checker: trust no optimizer whose output can be checked.

use super::recipe::{FrameRecipe, Recipe, Register, Repr, Resume, Source};
use crate::runtime::head::EXIT_BUFFER_WORDS;
use crate::runtime::value::Value;
use crate::vocab::{FunctionId, ShapeId};
use rustc_hash::FxHashMap;
use std::fmt;

/// A value of the HIR.
pub type ValueId = u32;

/// What the frame state says of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameClaim {
    /// Whose frame.
    pub function: FunctionId,
    /// Offset of the instruction at which it stands.
    pub bytecode_offset: u32,
    /// Before or after it.
    pub resume: Resume,
    /// How many arguments the call had.
    pub argc: u32,
    /// Whether it is the frame of a `new` call.
    pub is_construct: bool,
    /// The closure.
    pub callee: ValueId,
    /// `this`.
    pub this: ValueId,
    /// Each live register and the value that it holds.
    pub registers: Vec<(Register, ValueId)>,
}

/// What codegen stored into a word of the exit buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredWord {
    /// Which word.
    pub index: u16,
    /// The value stored.
    pub value: ValueId,
    /// As what.
    pub repr: Repr,
}

/// What an object that was not allocated looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualFacts {
    /// Its kind.
    pub kind: u8,
    /// Its shape.
    pub shape: ShapeId,
    /// Its fields at this exit.
    pub fields: Vec<ValueId>,
}

/// What the HIR knows of its values.
pub trait ValueFacts {
    /// The value that it always has.
    fn constant(&self, value: ValueId) -> Option<Value>;
    /// How it is represented in compiled code, if it exists there at all.
    fn repr(&self, value: ValueId) -> Option<Repr>;
    /// What it consists of at the exit in question, if it is an object that was not allocated.
    fn virtual_object(&self, value: ValueId) -> Option<VirtualFacts>;
}

/// Where in a recipe a disagreement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The closure of a frame.
    Callee(usize),
    /// `this` of a frame.
    This(usize),
    /// A register of a frame.
    Register(usize, Register),
    /// A field of a virtual object.
    Field(u32, usize),
}

/// A disagreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipeError {
    /// Another number of frames than the frame state has.
    FrameCount {
        /// Frames of the frame state.
        claimed: usize,
        /// Frames of the recipe.
        found: usize,
    },
    /// Function, offset, resume point, argument count or construct flag of a frame differ.
    FrameHeader {
        /// Which frame, outermost first.
        frame: usize,
    },
    /// A register is live in the frame state but not rebuilt.
    MissingRegister(Place),
    /// A register is listed twice or out of order.
    RegisterOrder(Place),
    /// A register lies outside of the frame.
    RegisterRange(Place),
    /// The buffer word was never stored, or lies outside of the buffer.
    NotStored(Place, u16),
    /// The buffer word holds another value.
    WrongValue {
        /// Where.
        place: Place,
        /// What it should hold.
        claimed: ValueId,
        /// What was stored.
        stored: ValueId,
    },
    /// The buffer word is read as another representation than it was stored as, or stored as another than the value
    /// has.
    WrongRepr {
        /// Where.
        place: Place,
        /// As what the recipe reads it.
        read: Repr,
        /// As what codegen stored it.
        stored: Repr,
        /// What representation the value has.
        actual: Option<Repr>,
    },
    /// The recipe's constant is not what the value is.
    WrongConstant(Place, Value),
    /// The recipe creates an object where the value is not virtual, or one that differs from it.
    WrongObject(Place, u32),
    /// Two words of the same index were stored with different contents.
    StoredTwice(u16),
}

/// Lists every disagreement between the frame state, what codegen stored, and the recipe. Nothing listed: proven.
pub fn check(
    claims: &[FrameClaim],
    stored: &[StoredWord],
    recipe: &Recipe,
    facts: &impl ValueFacts,
) -> Vec<RecipeError> {
    let mut checker = Checker {
        recipe,
        facts,
        words: FxHashMap::default(),
        object_of_value: FxHashMap::default(),
        value_of_object: FxHashMap::default(),
        errors: Vec::new(),
    };
    for word in stored {
        if checker.words.insert(word.index, *word).is_some_and(|before| before != *word) {
            checker.errors.push(RecipeError::StoredTwice(word.index));
        }
    }
    if claims.len() != recipe.frames.len() {
        checker.errors.push(RecipeError::FrameCount { claimed: claims.len(), found: recipe.frames.len() });
    }
    for (index, (claim, frame)) in claims.iter().zip(&recipe.frames).enumerate() {
        checker.frame(index, claim, frame);
    }
    checker.errors
}

struct Checker<'a, F> {
    recipe: &'a Recipe,
    facts: &'a F,
    words: FxHashMap<u16, StoredWord>,
    /// The correspondence between virtual values and virtual objects: one to one.
    object_of_value: FxHashMap<ValueId, u32>,
    value_of_object: FxHashMap<u32, ValueId>,
    errors: Vec<RecipeError>,
}

impl<F: ValueFacts> Checker<'_, F> {
    fn frame(&mut self, index: usize, claim: &FrameClaim, frame: &FrameRecipe) {
        let claimed = (claim.function, claim.bytecode_offset, claim.resume, claim.argc, claim.is_construct);
        if claimed != (frame.function, frame.bytecode_offset, frame.resume, frame.argc, frame.is_construct) {
            self.errors.push(RecipeError::FrameHeader { frame: index });
        }
        self.source(Place::Callee(index), claim.callee, frame.callee);
        self.source(Place::This(index), claim.this, frame.this);
        let mut next = 0;
        for (register, _) in &frame.registers {
            let place = Place::Register(index, *register);
            if (*register as u32) < next {
                self.errors.push(RecipeError::RegisterOrder(place));
            }
            if *register >= frame.register_count {
                self.errors.push(RecipeError::RegisterRange(place));
            }
            next = *register as u32 + 1;
        }
        if let Resume::After(Some(register)) | Resume::AfterConstruct(register) = frame.resume
            && register >= frame.register_count
        {
            self.errors.push(RecipeError::RegisterRange(Place::Register(index, register)));
        }
        for (register, value) in &claim.registers {
            let place = Place::Register(index, *register);
            match frame.registers.iter().find(|(r, _)| r == register) {
                Some((_, source)) => self.source(place, *value, *source),
                None => self.errors.push(RecipeError::MissingRegister(place)),
            }
        }
    }

    /// The source must rebuild the value.
    fn source(&mut self, place: Place, value: ValueId, source: Source) {
        match source {
            Source::Dead => self.errors.push(RecipeError::MissingRegister(place)),
            Source::Constant(constant) => {
                if !self.facts.constant(value).is_some_and(|actual| same_constant(actual, constant)) {
                    self.errors.push(RecipeError::WrongConstant(place, constant));
                }
            }
            Source::Slot { index, repr } => self.slot(place, value, index, repr),
            Source::Virtual(object) => self.object(place, value, object),
        }
    }

    fn slot(&mut self, place: Place, value: ValueId, index: u16, read: Repr) {
        let Some(word) = self.words.get(&index).filter(|_| (index as usize) < EXIT_BUFFER_WORDS) else {
            self.errors.push(RecipeError::NotStored(place, index));
            return;
        };
        if word.value != value {
            self.errors.push(RecipeError::WrongValue { place, claimed: value, stored: word.value });
            return;
        }
        let actual = self.facts.repr(value);
        if word.repr != read || actual != Some(read) {
            self.errors.push(RecipeError::WrongRepr { place, read, stored: word.repr, actual });
        }
    }

    fn object(&mut self, place: Place, value: ValueId, object: u32) {
        let known = (self.object_of_value.get(&value).copied(), self.value_of_object.get(&object).copied());
        match known {
            (Some(o), Some(v)) if o == object && v == value => return,
            (None, None) => {}
            (Some(_), _) | (_, Some(_)) => {
                self.errors.push(RecipeError::WrongObject(place, object));
                return;
            }
        }
        let (Some(facts), Some(found)) = (self.facts.virtual_object(value), self.recipe.objects.get(object as usize))
        else {
            self.errors.push(RecipeError::WrongObject(place, object));
            return;
        };
        self.object_of_value.insert(value, object);
        self.value_of_object.insert(object, value);
        if (facts.kind, facts.shape, facts.fields.len()) != (found.kind, found.shape, found.fields.len()) {
            self.errors.push(RecipeError::WrongObject(place, object));
            return;
        }
        for (field, (value, source)) in facts.fields.iter().zip(&found.fields).enumerate() {
            self.source(Place::Field(object, field), *value, *source);
        }
    }
}

/// Equal as values: a number may be held as int32 or as double, but 0 and -0 differ.
fn same_constant(a: Value, b: Value) -> bool {
    if a.is_number() && b.is_number() {
        let (a, b) = (a.as_number(), b.as_number());
        return a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    }
    a == b
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Callee(frame) => write!(f, "callee of frame {frame}"),
            Place::This(frame) => write!(f, "this of frame {frame}"),
            Place::Register(frame, register) => write!(f, "r{register} of frame {frame}"),
            Place::Field(object, field) => write!(f, "field {field} of virtual{object}"),
        }
    }
}

impl fmt::Display for RecipeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecipeError::FrameCount { claimed, found } => write!(f, "{claimed} frames claimed, {found} rebuilt"),
            RecipeError::FrameHeader { frame } => {
                write!(f, "frame {frame} resumes elsewhere than the frame state says")
            }
            RecipeError::MissingRegister(place) => write!(f, "{place} is live but not rebuilt"),
            RecipeError::RegisterOrder(place) => write!(f, "{place} is listed out of order"),
            RecipeError::RegisterRange(place) => write!(f, "{place} lies outside of the frame"),
            RecipeError::NotStored(place, index) => write!(f, "{place} reads word {index}, which is not stored"),
            RecipeError::WrongValue { place, claimed, stored } => {
                write!(f, "{place} holds v{claimed} but is rebuilt from v{stored}")
            }
            RecipeError::WrongRepr { place, read, stored, actual } => {
                write!(f, "{place} is read as {read:?}, stored as {stored:?}, and is {actual:?}")
            }
            RecipeError::WrongConstant(place, value) => write!(f, "{place} is not always {value:?}"),
            RecipeError::WrongObject(place, object) => write!(f, "{place} is not virtual{object}"),
            RecipeError::StoredTwice(index) => write!(f, "word {index} is stored twice"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::recipe::VirtualObject;
    use super::*;

    /// v0 tagged, v1 int32, v2 double, v3 constant 2, v4 virtual {v1, v5}, v5 virtual {v4}, v6 tagged, v7 virtual {v1, v5}.
    struct Facts;

    impl ValueFacts for Facts {
        fn constant(&self, value: ValueId) -> Option<Value> {
            (value == 3).then_some(Value::int(2))
        }
        fn repr(&self, value: ValueId) -> Option<Repr> {
            [
                Some(Repr::Tagged),
                Some(Repr::Int32),
                Some(Repr::Double),
                Some(Repr::Int32),
                None,
                None,
                Some(Repr::Tagged),
            ]
            .get(value as usize)
            .copied()
            .flatten()
        }
        fn virtual_object(&self, value: ValueId) -> Option<VirtualFacts> {
            let fields = match value {
                4 | 7 => vec![1, 5],
                5 => vec![4],
                _ => return None,
            };
            Some(VirtualFacts { kind: 0, shape: ShapeId::from_u32(value), fields })
        }
    }

    fn slot(index: u16, repr: Repr) -> Source {
        Source::Slot { index, repr }
    }

    fn stored() -> Vec<StoredWord> {
        [(0, 0, Repr::Tagged), (1, 1, Repr::Int32), (2, 2, Repr::Double), (3, 6, Repr::Tagged)]
            .map(|(index, value, repr)| StoredWord { index, value, repr })
            .to_vec()
    }

    fn claim(registers: Vec<(Register, ValueId)>) -> FrameClaim {
        FrameClaim {
            function: FunctionId::from_u32(1),
            bytecode_offset: 8,
            resume: Resume::Before,
            argc: 2,
            is_construct: false,
            callee: 0,
            this: 6,
            registers,
        }
    }

    fn frame(registers: Vec<(Register, Source)>) -> FrameRecipe {
        FrameRecipe {
            function: FunctionId::from_u32(1),
            bytecode_offset: 8,
            resume: Resume::Before,
            callee: slot(0, Repr::Tagged),
            this: slot(3, Repr::Tagged),
            argc: 2,
            is_construct: false,
            register_count: 6,
            registers,
        }
    }

    fn good() -> (Vec<FrameClaim>, Recipe) {
        let outer = claim(vec![(0, 1), (1, 3), (4, 4)]);
        let inner = claim(vec![(0, 2), (2, 5), (5, 0)]);
        let recipe = Recipe {
            frames: vec![
                frame(vec![(0, slot(1, Repr::Int32)), (1, Source::Constant(Value::int(2))), (4, Source::Virtual(0))]),
                frame(vec![(0, slot(2, Repr::Double)), (2, Source::Virtual(1)), (5, slot(0, Repr::Tagged))]),
            ],
            objects: vec![
                VirtualObject {
                    kind: 0,
                    shape: ShapeId::from_u32(4),
                    fields: vec![slot(1, Repr::Int32), Source::Virtual(1)],
                },
                VirtualObject { kind: 0, shape: ShapeId::from_u32(5), fields: vec![Source::Virtual(0)] },
            ],
        };
        (vec![outer, inner], recipe)
    }

    #[test]
    fn a_correct_recipe_is_proven() {
        let (claims, recipe) = good();
        assert_eq!(check(&claims, &stored(), &recipe, &Facts), []);
    }

    #[test]
    fn a_number_constant_may_be_held_either_way() {
        let (claims, mut recipe) = good();
        recipe.frames[0].registers[1].1 = Source::Constant(Value::double(2.0));
        assert_eq!(check(&claims, &stored(), &recipe, &Facts), []);
        assert!(!same_constant(Value::int(0), Value::double(-0.0)));
    }

    #[test]
    fn every_seeded_error_is_found() {
        let (r, f) = (|i, r| Place::Register(i, r), |o, i| Place::Field(o, i));
        type Seed = (&'static str, fn(&mut Vec<FrameClaim>, &mut Vec<StoredWord>, &mut Recipe), RecipeError);
        let seeds: Vec<Seed> = vec![
            ("frame lost", |_, _, x| _ = x.frames.pop(), RecipeError::FrameCount { claimed: 2, found: 1 }),
            ("resumes elsewhere", |_, _, x| x.frames[1].bytecode_offset = 9, RecipeError::FrameHeader { frame: 1 }),
            (
                "repeats the call",
                |_, _, x| x.frames[0].resume = Resume::After(None),
                RecipeError::FrameHeader { frame: 0 },
            ),
            ("lost new", |c, _, _| c[0].is_construct = true, RecipeError::FrameHeader { frame: 0 }),
            (
                "register forgotten",
                |_, _, x| _ = x.frames[1].registers.remove(0),
                RecipeError::MissingRegister(r(1, 0)),
            ),
            (
                "register dead",
                |_, _, x| x.frames[0].registers[0].1 = Source::Dead,
                RecipeError::MissingRegister(r(0, 0)),
            ),
            ("register twice", |_, _, x| x.frames[0].registers.swap(1, 2), RecipeError::RegisterOrder(r(0, 1))),
            ("register outside", |_, _, x| x.frames[1].register_count = 5, RecipeError::RegisterRange(r(1, 5))),
            (
                "words swapped",
                |_, s, _| (s[0].index, s[3].index) = (3, 0),
                RecipeError::WrongValue { place: Place::Callee(0), claimed: 0, stored: 6 },
            ),
            ("word not stored", |_, s, _| _ = s.remove(2), RecipeError::NotStored(r(1, 0), 2)),
            (
                "stale value",
                |_, s, _| s[2].value = 1,
                RecipeError::WrongValue { place: r(1, 0), claimed: 2, stored: 1 },
            ),
            (
                "read as another type",
                |_, _, x| x.frames[0].registers[0].1 = slot(1, Repr::UInt32),
                RecipeError::WrongRepr {
                    place: r(0, 0),
                    read: Repr::UInt32,
                    stored: Repr::Int32,
                    actual: Some(Repr::Int32),
                },
            ),
            (
                "stored unconverted",
                |_, s, x| {
                    s[1].repr = Repr::Bool;
                    x.frames[0].registers[0].1 = slot(1, Repr::Bool);
                },
                RecipeError::WrongRepr {
                    place: r(0, 0),
                    read: Repr::Bool,
                    stored: Repr::Bool,
                    actual: Some(Repr::Int32),
                },
            ),
            (
                "wrong constant",
                |_, _, x| x.frames[0].registers[1].1 = Source::Constant(Value::int(3)),
                RecipeError::WrongConstant(r(0, 1), Value::int(3)),
            ),
            (
                "constant for a variable",
                |_, _, x| x.frames[0].registers[0].1 = Source::Constant(Value::int(2)),
                RecipeError::WrongConstant(r(0, 0), Value::int(2)),
            ),
            ("object for a value", |c, _, _| c[0].registers[2].1 = 6, RecipeError::WrongObject(r(0, 4), 0)),
            ("objects swapped", |_, _, x| x.objects.swap(0, 1), RecipeError::WrongObject(r(0, 4), 0)),
            ("identity lost", |c, _, _| c[1].registers[1].1 = 7, RecipeError::WrongObject(r(1, 2), 1)),
            (
                "wrong field",
                |_, _, x| x.objects[0].fields[0] = slot(0, Repr::Tagged),
                RecipeError::WrongValue { place: f(0, 0), claimed: 1, stored: 0 },
            ),
            ("no such object", |_, _, x| x.objects.truncate(1), RecipeError::WrongObject(f(0, 1), 1)),
            (
                "word stored twice",
                |_, s, _| s.push(StoredWord { index: 1, value: 0, repr: Repr::Tagged }),
                RecipeError::StoredTwice(1),
            ),
        ];
        for (name, seed, expected) in seeds {
            let (mut claims, mut recipe) = good();
            let mut words = stored();
            seed(&mut claims, &mut words, &mut recipe);
            let errors = check(&claims, &words, &recipe, &Facts);
            assert!(errors.contains(&expected), "{name}: expected '{expected}', found {errors:?}");
        }
    }
}
