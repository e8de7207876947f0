//! Recipe and raw values in, frames out. Pure: it knows no heap, no stack and no VM.
//!
//! Objects come into being through a [`Materializer`], in two passes, because they may refer to each other in
//! cycles: first all are allocated, then all fields are stored. Allocation may collect garbage. So no value is held
//! here while it happens: objects are kept by the materializer, under their index, in a place that the collector sees,
//! and frames are filled in only afterwards. The raw words must be visible to the collector meanwhile, see
//! `exit::raw_exit_words`.

use super::recipe::{FrameRecipe, Recipe, Resume, Source, VirtualObject};
use crate::runtime::object::Obj;
use crate::runtime::value::Value;
use crate::vocab::FunctionId;

/// Creates the objects that compiled code did not allocate.
pub trait Materializer {
    /// Allocates the object with index `index` and keeps it. Its fields must be valid for the collector already.
    fn allocate(&mut self, index: u32, object: &VirtualObject);
    /// The object that was allocated under the index.
    fn object(&self, index: u32) -> Value;
    /// Stores field number `field` of the object with index `index`.
    fn store(&mut self, index: u32, field: u32, value: Value);
}

/// For recipes without virtual objects.
pub struct NoObjects;

impl Materializer for NoObjects {
    fn allocate(&mut self, index: u32, _object: &VirtualObject) {
        panic!("the recipe has virtual object {index}");
    }
    fn object(&self, index: u32) -> Value {
        panic!("the recipe has virtual object {index}");
    }
    fn store(&mut self, index: u32, _field: u32, _value: Value) {
        panic!("the recipe has virtual object {index}");
    }
}

/// A frame as the interpreter knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct RebuiltFrame {
    /// Whose frame.
    pub function: FunctionId,
    /// Offset of the instruction at which it stands.
    pub bytecode_offset: u32,
    /// Before or after it.
    pub resume: Resume,
    /// The closure.
    pub callee: Value,
    /// `this`.
    pub this: Value,
    /// How many arguments the call had.
    pub argc: u32,
    /// Whether it is the frame of a `new` call.
    pub is_construct: bool,
    /// All registers; dead ones are `undefined`.
    pub registers: Vec<Value>,
}

impl RebuiltFrame {
    /// Delivers the result of the call that the frame resumes after. A frame that was in the middle of a conditional jump
    /// now stands before the instruction that it goes to.
    ///
    /// # Panics
    /// If it resumes before its instruction.
    pub fn set_result(&mut self, result: Value) {
        match self.resume {
            Resume::After(Some(register)) => self.registers[register as usize] = result,
            Resume::After(None) => {}
            Resume::AfterConstruct(register) => {
                if Obj::from_value(result).is_some() {
                    self.registers[register as usize] = result;
                }
            }
            Resume::Next { exit, .. } if result.is_hole() => {
                self.bytecode_offset = exit;
                self.resume = Resume::Before;
            }
            Resume::Next { result: register, .. } => self.registers[register as usize] = result,
            Resume::Branch { if_true, if_false } => {
                self.bytecode_offset = if result == Value::TRUE { if_true } else { if_false };
                self.resume = Resume::Before;
            }
            Resume::Before => panic!("a frame that resumes before its instruction takes no result"),
        }
    }
}

/// Builds the frames of a recipe, outermost first. `raw` is the exit buffer.
///
/// # Panics
/// If the recipe names a buffer word, register or object that does not exist. The recipe checker excludes that.
pub fn rebuild(recipe: &Recipe, raw: &[u64], objects: &mut impl Materializer) -> Vec<RebuiltFrame> {
    for (index, object) in recipe.objects.iter().enumerate() {
        objects.allocate(index as u32, object);
    }
    for (index, object) in recipe.objects.iter().enumerate() {
        for (field, source) in object.fields.iter().enumerate() {
            let value = resolve(*source, raw, objects);
            objects.store(index as u32, field as u32, value);
        }
    }
    recipe.frames.iter().map(|frame| rebuild_frame(frame, raw, objects)).collect()
}

fn rebuild_frame(frame: &FrameRecipe, raw: &[u64], objects: &impl Materializer) -> RebuiltFrame {
    let mut registers = vec![Value::UNDEFINED; frame.register_count as usize];
    for (register, source) in &frame.registers {
        registers[*register as usize] = resolve(*source, raw, objects);
    }
    RebuiltFrame {
        function: frame.function,
        bytecode_offset: frame.bytecode_offset,
        resume: frame.resume,
        callee: resolve(frame.callee, raw, objects),
        this: resolve(frame.this, raw, objects),
        argc: frame.argc,
        is_construct: frame.is_construct,
        registers,
    }
}

fn resolve(source: Source, raw: &[u64], objects: &impl Materializer) -> Value {
    match source {
        Source::Constant(value) => value,
        Source::Slot { index, repr } => repr.to_value(raw[index as usize]),
        Source::Virtual(index) => objects.object(index),
        Source::Dead => Value::UNDEFINED,
    }
}

#[cfg(test)]
mod tests {
    use super::super::recipe::{Register, Repr};
    use super::*;
    use crate::vocab::ShapeId;

    /// Objects as vectors; an object's value is a fake cell address that encodes its index.
    #[derive(Default)]
    struct TestHeap {
        objects: Vec<Vec<Value>>,
    }

    fn address(index: u32) -> Value {
        Value((index as u64 + 1) << 12)
    }

    impl Materializer for TestHeap {
        fn allocate(&mut self, index: u32, object: &VirtualObject) {
            assert_eq!(index as usize, self.objects.len());
            self.objects.push(vec![Value::UNDEFINED; object.fields.len()]);
        }
        fn object(&self, index: u32) -> Value {
            assert!((index as usize) < self.objects.len(), "used before it was allocated");
            address(index)
        }
        fn store(&mut self, index: u32, field: u32, value: Value) {
            self.objects[index as usize][field as usize] = value;
        }
    }

    fn slot(index: u16, repr: Repr) -> Source {
        Source::Slot { index, repr }
    }

    fn frame(resume: Resume, registers: Vec<(Register, Source)>) -> FrameRecipe {
        FrameRecipe {
            function: FunctionId::from_u32(1),
            bytecode_offset: 12,
            resume,
            callee: slot(0, Repr::Tagged),
            this: Source::Constant(Value::NULL),
            argc: 1,
            is_construct: false,
            register_count: 5,
            registers,
        }
    }

    #[test]
    fn inlined_frames_are_rebuilt_from_raw_words() {
        let outer = frame(Resume::After(Some(4)), vec![(0, slot(1, Repr::Int32)), (2, slot(2, Repr::Double))]);
        let inner = frame(Resume::Before, vec![(0, slot(1, Repr::Int32)), (1, slot(3, Repr::Bool)), (3, Source::Dead)]);
        let recipe = Recipe { frames: vec![outer, inner], objects: vec![] };
        let raw = [0x5000, 0xFFFF_FFFF_0000_0007, 1.5f64.to_bits(), 0xAB01];
        let mut frames = rebuild(&recipe, &raw, &mut NoObjects);
        let u = Value::UNDEFINED;
        assert_eq!(frames[0].registers, [Value::int(7), u, Value::double(1.5), u, u]);
        assert_eq!(frames[1].registers, [Value::int(7), Value::TRUE, u, u, u]);
        assert_eq!((frames[1].callee, frames[1].this), (Value(0x5000), Value::NULL));
        frames[0].set_result(Value::int(99));
        assert_eq!(frames[0].registers[4], Value::int(99));
    }

    #[test]
    fn virtual_objects_may_nest_and_form_cycles() {
        let object = |fields| VirtualObject { kind: 0, shape: ShapeId::from_u32(3), fields };
        let recipe = Recipe {
            frames: vec![frame(Resume::Before, vec![(0, Source::Virtual(0)), (1, Source::Virtual(2))])],
            objects: vec![
                object(vec![Source::Virtual(1), slot(1, Repr::Double)]),
                object(vec![Source::Virtual(0), Source::Virtual(1), Source::Constant(Value::TRUE)]),
                object(vec![Source::Dead]),
            ],
        };
        let mut heap = TestHeap::default();
        let frames = rebuild(&recipe, &[0, 3.0f64.to_bits()], &mut heap);
        assert_eq!(frames[0].registers[..2], [address(0), address(2)]);
        assert_eq!(heap.objects[0], [address(1), Value::int(3)]);
        assert_eq!(heap.objects[1], [address(0), address(1), Value::TRUE]);
        assert_eq!(heap.objects[2], [Value::UNDEFINED]);
    }

    #[test]
    #[should_panic(expected = "takes no result")]
    fn a_result_has_no_place_in_a_frame_that_repeats_its_instruction() {
        let recipe = Recipe { frames: vec![frame(Resume::Before, vec![])], objects: vec![] };
        rebuild(&recipe, &[0], &mut NoObjects)[0].set_result(Value::NULL);
    }
}
