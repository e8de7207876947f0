//! Makes programs of the subset that an optimizer finds hard.
//!
//! What is generated is typed loosely: every variable and expression has a [`Kind`] that it usually has, so that programs
//! compute rather than throw, and now and then something else comes, so that what was speculated on does not hold. The
//! functions of a program are called in phases (`program.rs`): first with what they were made for, until they are
//! optimized, then with something else. Loops change the types of their own variables half-way, objects change shape and
//! prototypes change methods while loops run that rely on them.
//!
//! Programs end: every loop has a bound or a guard that nothing else assigns, recursion counts down, callbacks call
//! nothing, and the steps of a function are counted when it is made ([`Gen::cost`]). Strings and arrays that could
//! double on each turn are cut (`lim`). Programs are deterministic, and print what they compute as they go.

mod classes;
mod expr;
mod function;
mod program;
mod stmt;

use crate::rng::Rng;
use crate::tree::Node;

/// What a variable or expression usually is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Int,
    Num,
    Str,
    Bool,
    Arr,
    Obj,
    /// A closure of up to two parameters that calls nothing.
    Func,
    Any,
}

/// A variable in scope.
#[derive(Clone)]
struct Var {
    name: String,
    kind: Kind,
    assignable: bool,
}

/// A function that can be called.
#[derive(Clone)]
struct Function {
    name: String,
    params: Vec<Kind>,
    result: Kind,
    cost: usize,
    /// Whether the first parameter counts down its recursion.
    recursive: bool,
}

/// Where code stands, which says what it may call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The program's top level.
    Main,
    /// A function: those before it.
    Function,
    /// A method with this number: those of lower numbers.
    Method(usize),
    /// A closure, accessor or constructor: nothing.
    Leaf,
}

/// The generator of one program.
pub struct Gen {
    rng: Rng,
    names: usize,
    vars: Vec<Var>,
    functions: Vec<Function>,
    /// Classes: name and number of constructor parameters.
    classes: Vec<String>,
    place: Place,
    /// How often the code being made runs per call of its function.
    times: usize,
    /// Steps of the function being made.
    cost: usize,
    /// Loops around the code being made, in its function: their labels, if any.
    loops: Vec<Option<String>>,
    /// Counters of those loops that may be read.
    in_finally: bool,
    in_switch: bool,
    nesting: usize,
}

/// Steps that one call of a function may take.
const MAX_COST: usize = 1200;

/// The program of a seed.
pub fn program(seed: u64) -> Node {
    Gen {
        rng: Rng::new(seed),
        names: 0,
        vars: Vec::new(),
        functions: Vec::new(),
        classes: Vec::new(),
        place: Place::Main,
        times: 1,
        cost: 0,
        loops: Vec::new(),
        in_finally: false,
        in_switch: false,
        nesting: 0,
    }
    .program()
}

impl Gen {
    fn fresh(&mut self, start: &str) -> String {
        self.names += 1;
        format!("{start}{}", self.names)
    }

    fn declare(&mut self, name: &str, kind: Kind, assignable: bool) {
        self.vars.push(Var { name: name.to_string(), kind, assignable });
    }

    /// Code with a scope of its own.
    fn scoped<T>(&mut self, make: impl FnOnce(&mut Gen) -> T) -> T {
        let mark = self.vars.len();
        self.nesting += 1;
        let made = make(self);
        self.nesting -= 1;
        self.vars.truncate(mark);
        made
    }

    /// The body of something that is called: what is around it does not reach in, except the variables.
    fn body<T>(&mut self, place: Place, make: impl FnOnce(&mut Gen) -> T) -> T {
        let loops = std::mem::take(&mut self.loops);
        let before = (self.place, self.in_finally, self.in_switch, self.nesting);
        (self.place, self.in_finally, self.in_switch, self.nesting) = (place, false, false, self.nesting.min(2));
        let made = self.scoped(make);
        (self.place, self.in_finally, self.in_switch, self.nesting) = before;
        self.loops = loops;
        made
    }

    /// A variable of this kind, or of any in a few cases.
    fn var(&mut self, kind: Kind, assigned: bool) -> Option<String> {
        let any = kind == Kind::Any || self.rng.chance(4);
        let fits = |var: &&Var| (any || var.kind == kind) && (!assigned || var.assignable);
        let found: Vec<&Var> = self.vars.iter().filter(fits).collect();
        if found.is_empty() {
            return None;
        }
        // Half of the choices fall on the innermost variables.
        let from = if self.rng.chance(50) { found.len().saturating_sub(4) } else { 0 };
        Some(found[from + self.rng.below(found.len() - from)].name.clone())
    }

    fn kind(&mut self) -> Kind {
        use Kind::*;
        let kinds = [Int, Num, Str, Bool, Arr, Obj, Func, Any];
        kinds[self.rng.weighted(&[30, 18, 14, 8, 12, 14, 4, 4])]
    }

    fn scalar_kind(&mut self) -> Kind {
        use Kind::*;
        let kinds = [Int, Num, Str, Bool, Obj];
        kinds[self.rng.weighted(&[40, 25, 15, 8, 8])]
    }
}

/// Whether repeating an assignment of this value could double a string.
fn grows(node: &Node) -> bool {
    const GROWING: &[&str] = &["(@ + @)", "${", "concat", "join", "repeat", "pad", "String(", "replace", "(@)", "=> "];
    GROWING.iter().any(|part| node.text.contains(part)) || node.children.iter().any(grows)
}

/// An expression as the receiver of a member access.
fn receiver(node: Node) -> Node {
    let first = node.text.chars().next().unwrap_or('0');
    let closed = first.is_alphabetic() && !node.text.starts_with("new ") && !node.text.starts_with("typeof");
    if closed || matches!(first, '(' | '[' | '\'' | '`' | '@') { node } else { Node::expr("(@)", vec![node]) }
}
