//! Scope analysis: where each variable lives and which of its uses need a check.
//!
//! In: the syntax tree and oxc's symbols. Out: an [`Analysis`] with a [`Var`] for every binding. oxc resolves names to
//! symbols; it does not know JavaScript's hidden variables (`this`, `arguments` and `new.target` used by an arrow, a
//! function expression's own name, private names, computed field keys), nor that field initializers are functions of
//! their own, nor when a binding is certainly initialized. All that is found here, in one walk.
//!
//! **Where variables live.** A variable that no inner function uses lives in a register. One that inner functions use
//! lives in a module cell if its scope is entered only once (main program, outside loops), else in the `Scope` cell of
//! its block, which is created each time the block is entered.
//!
//! **Temporal dead zone.** A use of a `let`, `const` or `class` binding is certain to find it initialized if it stands
//! behind the declaration in the same function: a declaration stands directly in its block, so the text order within
//! one execution of the block is the order of time. For a use inside an inner function the same holds for the earliest
//! place where that function can be called: where its closure is created, or, for a hoisted declaration, where it is
//! first mentioned. Blocks of `switch` are exceptions, since cases are jumped over.

use oxc_semantic::{ScopeId, SymbolId};
use rustc_hash::{FxHashMap, FxHashSet};
pub use walk::analyse;

mod aliasing;
mod earliest;
mod walk;

/// A function of the program, in the order the walk meets them; 0 is the main program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FnId(pub u32);

/// A variable, named or hidden.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct VarId(pub u32);

/// Where a variable lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Home {
    /// A register of its function.
    Register,
    /// A slot of its block's `Scope` cell.
    Scope(u16),
    /// A module cell.
    Module(u16),
}

/// What kind of binding a variable is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VarKind {
    /// `var`.
    Var,
    /// `let`.
    Let,
    /// `const`.
    Const,
    /// Class declaration, or a class expression's own name.
    Class,
    /// Function declaration.
    Function,
    /// Parameter.
    Param,
    /// Parameter of `catch`.
    CatchParam,
    /// A function expression's own name.
    FunctionName,
    /// `this`, `arguments`, `new.target`, a private name, a computed key: initialized where it is created.
    Hidden,
}

/// A variable.
#[derive(Debug)]
pub struct Var {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: VarKind,
    /// The function it belongs to.
    pub function: FnId,
    /// The block it belongs to.
    pub scope: ScopeId,
    /// Used by an inner function.
    pub captured: bool,
    /// Where it lives.
    pub home: Home,
    /// Assigned other than by its declaration.
    pub assigned: bool,
    /// The element of `arguments` that it is tied to.
    pub mapped: Option<u16>,
    /// Some use must check for the hole, so the hole must be there before the declaration.
    pub needs_hole: bool,
    /// A `var` whose first use is certainly its first assignment, so that it need not start as undefined.
    pub assigned_first: bool,
    /// A `var` or function of the main program that is assigned once, certainly before any use: its module cell may be
    /// initialized by that assignment.
    pub initialized_once: bool,
    /// Text position from which on it is initialized.
    init_end: u32,
    /// Text position up to which that holds (the end of the `switch` case).
    valid_until: u32,
}

/// The hidden variables of a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Special {
    /// `this`.
    This,
    /// `arguments`.
    Arguments,
    /// `new.target`.
    NewTarget,
    /// The running closure, for `super()` in an arrow.
    Callee,
}

/// What a function is, as far as analysis needs it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FnKind {
    /// The main program.
    Main,
    /// A function with `this` of its own.
    Function,
    /// An arrow.
    Arrow,
    /// The initializer of a class's instance fields.
    Fields,
    /// The initializer of a class's static fields and blocks.
    Static,
}

/// A function.
#[derive(Debug)]
pub struct FnInfo {
    /// The function around it.
    pub parent: Option<FnId>,
    /// Kind.
    pub kind: FnKind,
    /// The block of its parameters and body.
    pub scope: ScopeId,
    /// Strict code.
    pub strict: bool,
    /// A constructor of a class with `extends`.
    pub derived: bool,
    /// Reads its own `this` other than through an arrow's capture.
    pub reads_this: bool,
    /// It, or a function inside it, uses a variable in a `Scope` cell of a function around it.
    pub uses_outer_scope: bool,
    /// An arrow inside this derived constructor calls `super()`, so `this` lives in the `Scope` cell alone.
    pub super_in_arrow: bool,
    /// A sloppy function with plain parameters that are tied to the elements of its `arguments`: how many. They live in
    /// consecutive slots of its `Scope` cell.
    pub mapped_parameters: u16,
    /// Text position from which on `super()` has certainly been called (derived constructors).
    pub super_called_from: u32,
    /// It contains `try` or `for-of`, whose handlers cover statements.
    pub has_handlers: bool,
    start: u32,
    declaration: Option<SymbolId>,
}

/// Result of the analysis.
#[derive(Debug, Default)]
pub struct Analysis {
    /// Variables by [`VarId`].
    pub vars: Vec<Var>,
    /// Functions by [`FnId`].
    pub functions: Vec<FnInfo>,
    /// Names of the module cells.
    pub cells: Vec<String>,
    /// A lexical declaration of the main program that is named like a parameter of the module wrapper.
    pub wrapper_clash: Option<(u32, String)>,
    /// Positions of reads that always come too early: of a parameter in a default before it, of a loop variable in the
    /// expression that is iterated.
    pub dead_reads: FxHashSet<u32>,
    /// Things that analysis cannot lower faithfully: position and what.
    pub refused: Vec<(u32, super::subset::RefusedFeature)>,
    outer_functions: FxHashMap<SymbolId, SymbolId>,
    by_symbol: Vec<Option<VarId>>,
    by_scope: FxHashMap<ScopeId, Vec<VarId>>,
    scope_slots: FxHashMap<ScopeId, u16>,
    function_of_scope: FxHashMap<ScopeId, FnId>,
    initializers: FxHashMap<(ScopeId, bool), FnId>,
    default_constructors: FxHashMap<ScopeId, FnId>,
    specials: FxHashMap<(FnId, Special), VarId>,
    hidden: FxHashMap<(ScopeId, String), VarId>,
    checked: FxHashSet<u32>,
}

impl Analysis {
    /// The variable of a symbol.
    pub fn var_of(&self, symbol: SymbolId) -> Option<VarId> {
        self.by_symbol[symbol.index()]
    }
    /// The variable of the function around that a function in a block assigns too, where its declaration stands.
    pub fn outer_function_var(&self, function: SymbolId) -> Option<VarId> {
        self.outer_functions.get(&function).and_then(|outer| self.var_of(*outer))
    }
    /// A variable.
    pub fn var(&self, var: VarId) -> &Var {
        &self.vars[var.0 as usize]
    }
    /// A function.
    pub fn function(&self, function: FnId) -> &FnInfo {
        &self.functions[function.0 as usize]
    }
    /// Variables of a block.
    pub fn vars_of_scope(&self, scope: ScopeId) -> &[VarId] {
        self.by_scope.get(&scope).map_or(&[], |v| v)
    }
    /// Number of slots of a block's `Scope` cell; 0: it has none.
    pub fn scope_slots(&self, scope: ScopeId) -> u16 {
        self.scope_slots.get(&scope).copied().unwrap_or(0)
    }
    /// The function whose parameters and body form a block.
    pub fn function_of_scope(&self, scope: ScopeId) -> FnId {
        self.function_of_scope[&scope]
    }
    /// The field initializer of a class (by its block).
    pub fn initializer(&self, class: ScopeId, is_static: bool) -> Option<FnId> {
        self.initializers.get(&(class, is_static)).copied()
    }
    /// The constructor of a class (by its block) that has none in the text.
    pub fn default_constructor(&self, class: ScopeId) -> FnId {
        self.default_constructors[&class]
    }
    /// A hidden variable of a function, if anything uses it.
    pub fn special(&self, function: FnId, special: Special) -> Option<VarId> {
        self.specials.get(&(function, special)).copied()
    }
    /// A hidden variable of a class (private name, computed key).
    pub fn hidden(&self, class: ScopeId, name: &str) -> Option<VarId> {
        self.hidden.get(&(class, name.to_string())).copied()
    }
    /// A variable that is never assigned after its declaration and certainly initialized wherever it is used: its own
    /// function may read it from a register although inner functions see a copy.
    pub fn mirrored(&self, var: VarId) -> bool {
        let v = self.var(var);
        let settled = match v.kind {
            VarKind::Var => v.initialized_once,
            VarKind::Let
            | VarKind::Const
            | VarKind::Class
            | VarKind::Function
            | VarKind::Param
            | VarKind::CatchParam
            | VarKind::FunctionName
            | VarKind::Hidden => !v.assigned,
        };
        v.captured && settled && !v.needs_hole
    }
    /// Whether the use of a variable at a text position must check for the hole.
    pub fn must_check(&self, position: u32) -> bool {
        self.checked.contains(&position)
    }
    /// The function around that owns `this`, `arguments` and `new.target`.
    pub fn this_owner(&self, mut function: FnId) -> FnId {
        while self.function(function).kind == FnKind::Arrow {
            function = self.function(function).parent.expect("an arrow has a parent");
        }
        function
    }
}

/// Name under which a class keeps the computed key of its n-th element.
pub fn key_name(index: usize) -> String {
    format!("[key {index}]")
}

/// Name under which a class keeps the closure of its n-th element (private methods).
pub fn method_name(index: usize) -> String {
    format!("[method {index}]")
}
