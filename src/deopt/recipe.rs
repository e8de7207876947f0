//! What a side exit must rebuild: the frames that the interpreter would have, had it run the code.
//!
//! A guard's cold path stores raw values into the exit buffer and names its exit. Everything else is here: which
//! buffer word is which register of which function, boxed how; which registers hold constants; which hold objects
//! that escape analysis removed and that must now come into being.
//!
//! ```text
//!   Recipe
//!     frames     outermost .. innermost: function, where to resume, callee, this, registers -> Source
//!     objects    virtual objects: kind, shape, fields -> Source (may name each other, in cycles too)
//!   Source = constant | buffer word in a representation | virtual object | dead
//! ```
//!
//! Recipes are kept encoded, a few bytes per register (LEB128, register numbers as differences), since compiled code
//! has many guards and few of them ever fail. V8 calls this the translation array, Graal virtual frame states.

use crate::runtime::value::Value;
use crate::vocab::{FunctionId, ShapeId};
use cranelift_entity::EntityRef;
use std::fmt;

/// An interpreter register.
pub type Register = u16;

/// How a value stands in a word of the exit buffer. Bits above the named width are unspecified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Repr {
    /// A tagged value.
    Tagged = 0,
    /// 32 bits, signed.
    Int32 = 1,
    /// An IEEE double.
    Double = 2,
    /// 8 bits, 0 or 1.
    Bool = 3,
    /// 32 bits, unsigned.
    UInt32 = 4,
}

impl Repr {
    const ALL: [Repr; 5] = [Repr::Tagged, Repr::Int32, Repr::Double, Repr::Bool, Repr::UInt32];

    /// The tagged value that a raw word of this representation stands for.
    pub fn to_value(self, raw: u64) -> Value {
        match self {
            Repr::Tagged => Value(raw),
            Repr::Int32 => Value::int(raw as i32),
            Repr::Double => Value::number(f64::from_bits(raw)),
            Repr::Bool => Value::bool(raw as u8 != 0),
            Repr::UInt32 => Value::from_u32(raw as u32),
        }
    }
}

/// Where a rebuilt value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is known. A cell must be kept alive by whoever owns the code.
    Constant(Value),
    /// It was stored into this word of the exit buffer.
    Slot {
        /// Index of the word.
        index: u16,
        /// How it stands there.
        repr: Repr,
    },
    /// It is an object that must be created: an index into [`Recipe::objects`].
    Virtual(u32),
    /// Nobody will read it.
    Dead,
}

/// At which point of its instruction a frame goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// The instruction has not happened yet.
    Before,
    /// The instruction, a call, has happened; its result goes into the register, if anybody wants it.
    After(Option<Register>),
    /// The instruction, a construct call, has happened; if its result is an object, it takes the place of the one that the
    /// register holds.
    AfterConstruct(Register),
    /// The instruction, the step of an iteration, has happened: a hole goes on at the offset, else it is the register's.
    Next {
        /// The register that gets the result.
        result: Register,
        /// Where to go on at the end.
        exit: u32,
    },
    /// The instruction, a conditional jump, has compared; the result says at which offset to go on.
    Branch {
        /// Where, if the result is `true`.
        if_true: u32,
        /// Where, if it is not.
        if_false: u32,
    },
}

/// One frame to rebuild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameRecipe {
    /// Whose frame.
    pub function: FunctionId,
    /// Offset of the instruction at which it stands.
    pub bytecode_offset: u32,
    /// Before or after it.
    pub resume: Resume,
    /// The closure.
    pub callee: Source,
    /// `this`.
    pub this: Source,
    /// How many arguments the call had.
    pub argc: u32,
    /// Whether it is the frame of a `new` call: a result that is no object is replaced by `this`.
    pub is_construct: bool,
    /// Size of the frame in registers.
    pub register_count: u16,
    /// Registers that are not dead, ascending. All others become `undefined`.
    pub registers: Vec<(Register, Source)>,
}

/// An object that compiled code did not allocate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualObject {
    /// Its kind: a `CellKind` as a number, or whatever else the materializer knows.
    pub kind: u8,
    /// Its shape.
    pub shape: ShapeId,
    /// Its fields, in the materializer's order.
    pub fields: Vec<Source>,
}

/// Everything that a side exit must rebuild.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipe {
    /// Frames, outermost first.
    pub frames: Vec<FrameRecipe>,
    /// Objects that the frames refer to.
    pub objects: Vec<VirtualObject>,
}

impl Recipe {
    /// How many words of the exit buffer it reads.
    pub fn buffer_words(&self) -> usize {
        let registers = self.frames.iter().flat_map(|f| f.registers.iter().map(|(_, s)| s).chain([&f.callee, &f.this]));
        let fields = self.objects.iter().flat_map(|o| &o.fields);
        let words = registers.chain(fields).map(|source| match source {
            Source::Slot { index, repr: _ } => *index as usize + 1,
            Source::Constant(_) | Source::Virtual(_) | Source::Dead => 0,
        });
        words.max().unwrap_or(0)
    }

    /// Appends the encoded form.
    pub fn encode(&self, out: &mut Vec<u8>) {
        write_number(out, self.frames.len() as u64);
        for frame in &self.frames {
            encode_frame(frame, out);
        }
        write_number(out, self.objects.len() as u64);
        for object in &self.objects {
            out.push(object.kind);
            write_number(out, object.shape.index() as u64);
            write_number(out, object.fields.len() as u64);
            object.fields.iter().for_each(|source| encode_source(*source, out));
        }
    }

    /// Reads the encoded form back.
    ///
    /// # Panics
    /// If the bytes are not a recipe: they come from [`Recipe::encode`], so that is our own bug.
    pub fn decode(bytes: &[u8]) -> Recipe {
        let mut reader = Reader { bytes };
        let frame_count = reader.number();
        let frames = (0..frame_count).map(|_| decode_frame(&mut reader)).collect();
        let object_count = reader.number();
        let objects = (0..object_count)
            .map(|_| {
                let kind = reader.byte();
                let shape = ShapeId::from_u32(reader.number() as u32);
                let field_count = reader.number();
                let fields = (0..field_count).map(|_| decode_source(&mut reader)).collect();
                VirtualObject { kind, shape, fields }
            })
            .collect();
        assert!(reader.bytes.is_empty(), "bytes left over after a recipe");
        Recipe { frames, objects }
    }
}

// Tags of an encoded source; a slot's tag is `SLOT` plus the representation.
const CONSTANT: u8 = 0;
const VIRTUAL: u8 = 1;
const DEAD: u8 = 2;
const UNDEFINED: u8 = 3;
const SLOT: u8 = 8;

/// A way to resume that stands beyond those of all registers.
const NEXT: u64 = 4 + 2 * (Register::MAX as u64 + 1);

fn encode_source(source: Source, out: &mut Vec<u8>) {
    match source {
        Source::Constant(Value::UNDEFINED) => out.push(UNDEFINED),
        Source::Constant(value) => {
            out.push(CONSTANT);
            out.extend(value.0.to_le_bytes());
        }
        Source::Slot { index, repr } => {
            out.push(SLOT + repr as u8);
            write_number(out, index as u64);
        }
        Source::Virtual(object) => {
            out.push(VIRTUAL);
            write_number(out, object as u64);
        }
        Source::Dead => out.push(DEAD),
    }
}

fn decode_source(reader: &mut Reader<'_>) -> Source {
    match reader.byte() {
        UNDEFINED => Source::Constant(Value::UNDEFINED),
        CONSTANT => Source::Constant(Value(u64::from_le_bytes(reader.take(8).try_into().unwrap()))),
        VIRTUAL => Source::Virtual(reader.number() as u32),
        DEAD => Source::Dead,
        slot => {
            let repr = slot.checked_sub(SLOT).and_then(|r| Repr::ALL.get(r as usize));
            Source::Slot { repr: *repr.expect("the tag of a source"), index: reader.number() as u16 }
        }
    }
}

fn encode_frame(frame: &FrameRecipe, out: &mut Vec<u8>) {
    write_number(out, frame.function.index() as u64);
    write_number(out, frame.bytecode_offset as u64);
    encode_resume(frame.resume, out);
    encode_source(frame.callee, out);
    encode_source(frame.this, out);
    write_number(out, (frame.argc as u64) << 1 | frame.is_construct as u64);
    write_number(out, frame.register_count as u64);
    write_number(out, frame.registers.len() as u64);
    let mut next = 0;
    for (register, source) in &frame.registers {
        assert!(*register >= next, "registers of a recipe ascend");
        write_number(out, (register - next) as u64);
        encode_source(*source, out);
        next = register + 1;
    }
}

fn encode_resume(resume: Resume, out: &mut Vec<u8>) {
    // 0 before, 1 after without result, 2 branch, 3 + 2r after with result in r, 4 + 2r after construction or, with the
    // number that no register has, a step.
    match resume {
        Resume::Before => write_number(out, 0),
        Resume::After(None) => write_number(out, 1),
        Resume::Branch { if_true, if_false } => {
            write_number(out, 2);
            write_number(out, if_true as u64);
            write_number(out, if_false as u64);
        }
        Resume::Next { result, exit } => {
            write_number(out, NEXT);
            write_number(out, result as u64);
            write_number(out, exit as u64);
        }
        Resume::After(Some(register)) => write_number(out, 3 + 2 * register as u64),
        Resume::AfterConstruct(register) => write_number(out, 4 + 2 * register as u64),
    }
}

fn decode_resume(reader: &mut Reader<'_>) -> Resume {
    match reader.number() {
        0 => Resume::Before,
        1 => Resume::After(None),
        2 => Resume::Branch { if_true: reader.number() as u32, if_false: reader.number() as u32 },
        NEXT => Resume::Next { result: reader.number() as Register, exit: reader.number() as u32 },
        n if n % 2 == 1 => Resume::After(Some(((n - 3) / 2) as Register)),
        n => Resume::AfterConstruct(((n - 4) / 2) as Register),
    }
}

fn decode_frame(reader: &mut Reader<'_>) -> FrameRecipe {
    let function = FunctionId::from_u32(reader.number() as u32);
    let bytecode_offset = reader.number() as u32;
    let resume = decode_resume(reader);
    let callee = decode_source(reader);
    let this = decode_source(reader);
    let call = reader.number();
    let register_count = reader.number() as u16;
    let mut next = 0;
    let live = reader.number();
    let registers = (0..live)
        .map(|_| {
            let register = next + reader.number() as Register;
            next = register + 1;
            (register, decode_source(reader))
        })
        .collect();
    let (argc, is_construct) = ((call >> 1) as u32, call & 1 != 0);
    FrameRecipe { function, bytecode_offset, resume, callee, this, argc, is_construct, register_count, registers }
}

/// LEB128.
fn write_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.bytes.split_at_checked(len).expect("a recipe ends early");
        self.bytes = rest;
        taken
    }
    fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }
    fn number(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            number |= (byte as u64 & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return number;
            }
            shift += 7;
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Constant(value) => write!(f, "{value:?}"),
            Source::Slot { index, repr } => write!(f, "[{index}]:{repr:?}"),
            Source::Virtual(object) => write!(f, "virtual{object}"),
            Source::Dead => f.write_str("dead"),
        }
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for frame in &self.frames {
            write!(
                f,
                "{} @{} {:?} callee={} this={}",
                frame.function, frame.bytecode_offset, frame.resume, frame.callee, frame.this
            )?;
            for (register, source) in &frame.registers {
                write!(f, " r{register}={source}")?;
            }
            writeln!(f)?;
        }
        for (i, object) in self.objects.iter().enumerate() {
            write!(f, "virtual{i} = kind {} {}", object.kind, object.shape)?;
            for field in &object.fields {
                write!(f, " {field}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Recipe {
        let slot = |index, repr| Source::Slot { index, repr };
        let outer = FrameRecipe {
            function: FunctionId::from_u32(300),
            bytecode_offset: 70_000,
            resume: Resume::After(Some(0)),
            callee: slot(0, Repr::Tagged),
            this: Source::Constant(Value::UNDEFINED),
            argc: 2,
            is_construct: false,
            register_count: 400,
            registers: vec![(0, slot(1, Repr::Int32)), (3, Source::Virtual(0)), (399, slot(511, Repr::Double))],
        };
        let inner = FrameRecipe {
            resume: Resume::After(None),
            this: Source::Virtual(1),
            is_construct: true,
            registers: vec![(1, Source::Constant(Value::double(2.5))), (2, Source::Dead), (3, slot(2, Repr::Bool))],
            ..outer.clone()
        };
        let innermost =
            FrameRecipe { resume: Resume::Before, registers: vec![(5, slot(4, Repr::UInt32))], ..inner.clone() };
        let objects = vec![
            VirtualObject {
                kind: 1,
                shape: ShapeId::from_u32(9),
                fields: vec![Source::Virtual(1), Source::Virtual(0)],
            },
            VirtualObject { kind: 0, shape: ShapeId::from_u32(1000), fields: vec![] },
        ];
        Recipe { frames: vec![outer, inner, innermost], objects }
    }

    #[test]
    fn encoding_round_trips_and_is_small() {
        let recipe = sample();
        let mut bytes = Vec::new();
        recipe.encode(&mut bytes);
        assert_eq!(Recipe::decode(&bytes), recipe);
        assert!(bytes.len() < 100, "{} bytes", bytes.len());
        assert_eq!(recipe.buffer_words(), 512);
        assert_eq!(Recipe::default().buffer_words(), 0);
    }

    #[test]
    fn raw_words_are_boxed_by_representation_and_ignore_stale_bits() {
        assert_eq!(Repr::Int32.to_value(0xAAAA_AAAA_FFFF_FFFF), Value::int(-1));
        assert_eq!(Repr::UInt32.to_value(0xAAAA_AAAA_FFFF_FFFF), Value::double(4294967295.0));
        assert_eq!(Repr::Bool.to_value(0xAAAA_AA00), Value::FALSE);
        assert_eq!(Repr::Bool.to_value(0xAAAA_AA01), Value::TRUE);
        assert_eq!(Repr::Double.to_value(2.5f64.to_bits()), Value::double(2.5));
        assert!(Repr::Double.to_value((-0.0f64).to_bits()).is_double());
        assert_eq!(Repr::Tagged.to_value(Value::NULL.0), Value::NULL);
    }
}
