//! A function as the frontend hands it over: immutable, shared between threads, free of heap references.
//!
//! The runtime turns a [`FunctionCode`] into a `FunctionInfo` when it links the program: constants become values,
//! feedback vectors are laid out, entry points are set. Compile threads read the `FunctionCode` through its `Arc`.

use super::ops::{Insn, Reg, SlotKind};
use std::ops::Range;
use std::sync::Arc;

/// The path of the prelude's text, which no file of a program has.
pub const PRELUDE_PATH: &str = "petrel:prelude/array.js";

/// A source file: what positions are resolved against.
#[derive(Debug)]
pub struct Source {
    /// Absolute path, or `-` for standard input, `[eval]` for `-e`.
    pub path: String,
    /// The text.
    pub text: String,
    line_starts: Vec<u32>,
}

impl Source {
    /// Indexes the lines of a text. Line ends are those of ECMAScript: LF, CR, CR LF, U+2028, U+2029.
    pub fn new(path: String, text: String) -> Source {
        let mut line_starts = vec![0];
        let mut chars = text.char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            let end = match c {
                '\r' if matches!(chars.peek(), Some((_, '\n'))) => false,
                '\n' | '\r' | '\u{2028}' | '\u{2029}' => true,
                _ => false,
            };
            if end {
                line_starts.push((i + c.len_utf8()) as u32);
            }
        }
        Source { path, text, line_starts }
    }

    /// Whether this is the prelude: functions in it show as the library's.
    pub fn is_prelude(&self) -> bool {
        self.path == PRELUDE_PATH
    }

    /// Line and column of a byte offset, both counted from 1; the column counts UTF-16 code units, as V8 does.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let line = self.line_starts.partition_point(|s| *s <= offset) - 1;
        let start = self.line_starts[line] as usize;
        let end = (offset as usize).min(self.text.len());
        let column = self.text.get(start..end).map_or(0, |s| s.encode_utf16().count());
        (line as u32 + 1, column as u32 + 1)
    }

    /// The text of a line (counted from 1), without its line end.
    pub fn line_text(&self, line: u32) -> &str {
        let i = line.saturating_sub(1) as usize;
        let Some(&start) = self.line_starts.get(i) else { return "" };
        let end = self.line_starts.get(i + 1).map_or(self.text.len(), |e| *e as usize);
        self.text[start as usize..end].trim_end_matches(['\n', '\r', '\u{2028}', '\u{2029}'])
    }
}

/// An entry of the constant pool, before it becomes a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// A number that does not fit an immediate.
    Number(f64),
    /// A string, in UTF-16 code units (lone surrogates are legal). Becomes an atom.
    String(Box<[u16]>),
}

/// One protected range. Ranges are listed innermost first; the first that covers the throwing instruction wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// First unit offset covered.
    pub start: u32,
    /// First unit offset no longer covered.
    pub end: u32,
    /// Where to continue.
    pub target: u32,
    /// Receives the exception.
    pub exception: Reg,
}

/// Source range of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanEntry {
    /// Unit offset of the instruction.
    pub offset: u32,
    /// Byte offset in the source that positions report (for a call: where V8 points to).
    pub position: u32,
}

/// What kind of function it is, as far as calls and construction care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// The top level of a file: parameters exports, require, module, __filename, __dirname.
    Module,
    /// `function`: can be constructed.
    Normal,
    /// Arrow: no `this`, `arguments`, `new.target` of its own (the frontend captures them as variables).
    Arrow,
    /// Method, getter, setter or field initializer: cannot be constructed.
    Method,
    /// Constructor of a class without `extends`.
    BaseConstructor,
    /// Constructor of a class with `extends`.
    DerivedConstructor,
}

/// Facts about a function, found by the frontend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FunctionFlags {
    /// Reads `arguments` or has a rest parameter: the number of actual arguments matters.
    pub needs_argc: bool,
    /// Reads new.target (always so for derived constructors).
    pub reads_new_target: bool,
    /// Reads `this`.
    pub reads_this: bool,
    /// The class has instance fields: constructors run the initializer.
    pub has_fields: bool,
    /// Not strict code: a store or delete that fails is ignored instead of throwing a TypeError.
    pub sloppy: bool,
}

/// Where a feedback slot lies and for which instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotInfo {
    /// Kind, which decides its size.
    pub kind: SlotKind,
    /// Index in 16-byte units.
    pub index: u16,
    /// Unit offset of the instruction that owns it.
    pub offset: u32,
}

/// Which error `throw_error` throws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum ThrowKind {
    /// TypeError.
    Type = 0,
    /// ReferenceError.
    Reference = 1,
    /// SyntaxError.
    Syntax = 2,
    /// RangeError.
    Range = 3,
}

/// Flags of `define_method` and `set_function_name`.
pub struct DefineFlags;
impl DefineFlags {
    /// A plain method.
    pub const METHOD: u16 = 0;
    /// A getter.
    pub const GETTER: u16 = 1;
    /// A setter.
    pub const SETTER: u16 = 2;
    /// Mask of the three above.
    pub const KIND: u16 = 3;
    /// Nothing is defined: the closure only learns its home object, where its `super` starts.
    pub const HOME: u16 = 8;
    /// The property is enumerable (object literals; class members are not).
    pub const ENUMERABLE: u16 = 4;
}

/// A compiled function.
#[derive(Debug)]
pub struct FunctionCode {
    /// Name as stack traces and the `name` property show it; may be empty.
    pub name: String,
    /// The file it stands in.
    pub source: Arc<Source>,
    /// Byte range of its text.
    pub span: (u32, u32),
    /// Kind.
    pub kind: FunctionKind,
    /// Facts.
    pub flags: FunctionFlags,
    /// Positional parameters (registers `0 .. nparams`), without a rest parameter.
    pub nparams: u16,
    /// The `length` property: parameters before the first default.
    pub length: u16,
    /// Registers of a frame, parameters included, plus room for the outgoing call areas.
    pub nregs: u16,
    /// The bytecode.
    pub code: Box<[u16]>,
    /// Constant pool.
    pub constants: Box<[Constant]>,
    /// Functions that `new_closure` and `new_class` refer to.
    pub children: Box<[Arc<FunctionCode>]>,
    /// Exception handlers, innermost first.
    pub handlers: Box<[Handler]>,
    /// Positions, sorted by offset; an instruction without an entry has that of the one before it.
    pub spans: Box<[SpanEntry]>,
    /// Feedback slots, sorted by index; an instruction has at most one.
    pub slots: Box<[SlotInfo]>,
    /// Length of the feedback vector in 16-byte units.
    pub feedback_units: u16,
    /// Names of registers that hold variables, for people: (register, name).
    pub register_names: Box<[(Reg, String)]>,
    /// Source text of callees ("obj.method"), for "… is not a function": (unit offset of the call, constant).
    pub callee_texts: Box<[(u32, u16)]>,
}

impl FunctionCode {
    /// All instructions, with their unit offsets.
    pub fn instructions(&self) -> impl Iterator<Item = (u32, Insn)> + '_ {
        self.instructions_in(0..self.code.len() as u32)
    }
    /// The instructions in a range of unit offsets, which begins at one.
    pub fn instructions_in(&self, range: Range<u32>) -> impl Iterator<Item = (u32, Insn)> + '_ {
        let mut at = range.start;
        std::iter::from_fn(move || {
            (at < range.end).then(|| {
                let (offset, insn) = (at, Insn::decode(&self.code, at as usize));
                at += insn.op().units() as u32;
                (offset, insn)
            })
        })
    }
    /// Source position (byte offset) of the instruction at a unit offset.
    pub fn position_at(&self, offset: u32) -> u32 {
        let i = self.spans.partition_point(|s| s.offset <= offset);
        if i == 0 { self.span.0 } else { self.spans[i - 1].position }
    }
    /// Line and column (from 1) of the instruction at a unit offset.
    pub fn line_column_at(&self, offset: u32) -> (u32, u32) {
        self.source.line_column(self.position_at(offset))
    }
    /// The innermost handler that covers a unit offset.
    pub fn handler_at(&self, offset: u32) -> Option<&Handler> {
        self.handlers.iter().find(|h| h.start <= offset && offset < h.end)
    }
}

/// A parsed and lowered file.
#[derive(Debug)]
pub struct ModuleCode {
    /// The top-level function.
    pub main: Arc<FunctionCode>,
    /// Names of the module cells: top-level bindings that inner functions capture.
    pub cells: Box<[String]>,
}
