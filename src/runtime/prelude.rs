//! Functions of the library in the language itself, as the optimizing compiler finds them.
//!
//! Natives that call back are loops in Rust, which the compiler cannot see into. For some of them the prelude
//! (`lang/prelude/`) has a *body*: a function of the language that does what is left to do once receiver and arguments are
//! known to be what the method is for. Only the compiler uses it: it inlines the body where it would call the native, and
//! where such code is left, the interpreter goes on in it. So the prelude costs nothing until a compile first asks for it;
//! then the VM compiles and links it through [`super::runtime::HookTable::load_prelude`].

use super::object::Obj;
use super::value::Value;

/// The bodies, once loaded.
#[derive(Default)]
pub struct Prelude {
    bodies: Option<Vec<(u32, Obj)>>,
}

impl Prelude {
    /// Whether the bodies are there.
    pub fn is_loaded(&self) -> bool {
        self.bodies.is_some()
    }
    /// Sets the bodies: closures by the ids of the natives that they stand for.
    pub fn set(&mut self, bodies: Vec<(u32, Obj)>) {
        self.bodies = Some(bodies);
    }
    /// The body of a native.
    pub fn body_of(&self, native: u32) -> Option<Obj> {
        self.bodies.iter().flatten().find(|(id, _)| *id == native).map(|(_, body)| *body)
    }
    /// Shows the collector the bodies.
    pub fn trace(&self, visit: &mut impl FnMut(Value)) {
        self.bodies.iter().flatten().for_each(|(_, body)| visit(body.value()));
    }
}
