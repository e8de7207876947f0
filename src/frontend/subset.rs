//! What is refused before a program runs.
//!
//! Petrel's promise is that what it accepts behaves as on Node. This is the other half of it: one table of features with
//! what to write instead ([`RefusedFeature`]), one table of the globals there are ([`GLOBALS`]) and one of Node's globals
//! that are missing ([`MISSING_GLOBALS`]); a walk over the tree collects every refusal of a program with its position.
//! `lang/reference.md` is checked against the tables.

use super::{FrontendError, FrontendOptions};
use crate::bytecode::function::Source;
use crate::runtime::regexp;
use oxc_allocator::Allocator;
use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::{ScopeFlags, ScopeId, Scoping};
use oxc_span::GetSpan;
use std::cell::Cell;
use std::fmt;

macro_rules! define_refused {
    ($( $name:ident $text:literal => $instead:literal; )+) => {
        /// A feature outside the subset.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
        pub enum RefusedFeature { $( #[doc = $text] $name ),+ }
        impl RefusedFeature {
            /// Every refused feature.
            pub const ALL: &'static [RefusedFeature] = &[ $( RefusedFeature::$name ),+ ];
            /// Its name, as refusals print it.
            pub const fn name(self) -> &'static str {
                match self { $( RefusedFeature::$name => $text ),+ }
            }
            /// What to write instead.
            pub const fn instead(self) -> &'static str {
                match self { $( RefusedFeature::$name => $instead ),+ }
            }
        }
    };
}

define_refused! {
    Generator "generator function" => "build an array and return it, or write an iterator object with next()";
    Async "async function" => "call functions directly, or pass callbacks";
    ForAwait "for await" => "use for-of";
    Modules "import and export" => "use require() and module.exports";
    DynamicImport "dynamic import" => "use require()";
    ImportMeta "import.meta" => "use __filename and __dirname";
    BigInt "BigInt" => "use numbers (exact up to 2**53), or arrays of digits";
    Eval "eval" => "write the code in the file, or choose between functions";
    FunctionConstructor "the Function constructor" => "write a function expression";
    With "with statement" => "name the object and access its properties";
    DeleteName "delete of a variable" => "set the variable to undefined";
    GlobalAssignment "assignment to a global" => "declare a variable of your own";
    DuplicateParameter "duplicate parameter" => "give each parameter a name of its own";
    ArgumentsCallee "arguments.callee and arguments.caller" => "name the function";
    ArgumentsMapped "arguments of a sloppy function whose more than 31 parameters may be assigned"
        => "write 'use strict' at the top";
    ArgumentsAssignment "assignment to arguments" => "copy it to a variable of your own";
    ArgumentsTopLevel "arguments at the top level of a file" => "use process.argv, module, exports";
    ArgumentsWithRest "arguments together with a rest parameter" => "use the rest parameter alone";
    ParameterForwardUse "use of a binding in its own declaration's head" => "use another name";
    CatchRedeclared "var named like the catch parameter around it" => "give the variable another name";
    ParameterRedeclared "var named like a parameter that has a default" => "give the variable another name";
    ReassignedClass "assignment to a class that mentions itself" => "assign the class to a let variable";
    BlockFunction "function in a block of sloppy code that is assigned, or seen by closures of several blocks or iterations"
        => "assign a function expression to a variable, or write 'use strict' at the top";
    ConditionalFunction "function declaration as the body of a statement" => "put it in a block, or assign a function expression";
    LabeledFunction "labelled function declaration" => "remove the label";
    Using "using declaration" => "use try and finally";
    Accessor "accessor field" => "write a getter and a setter";
    Decorator "decorator" => "call the function on the class";
    MissingGlobal "a global that Petrel does not have" => "see lang/reference.md for what there is";
    RegularExpression "feature of regular expressions" => "spell the characters out in a class: [a-z]";
    RequiredModule "require of a module of Node's own" => "Petrel has events, fs, os, path, perf_hooks, process, util; require files";
    SourcePhase "Jsx or TypeScript syntax" => "write plain JavaScript";
}

impl RefusedFeature {
    /// The refusal of this feature at a position.
    pub fn at(self, position: u32) -> Refusal {
        Refusal { position, feature: self, detail: None }
    }
}

/// One refused place of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Byte offset.
    pub position: u32,
    /// What is refused.
    pub feature: RefusedFeature,
    /// The name in question, if the feature is one of many names.
    pub detail: Option<String>,
}

impl fmt::Display for Refusal {
    /// `refused: FEATURE: what to write instead`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused: {}", self.feature.name())?;
        if let Some(detail) = &self.detail {
            write!(f, " ({detail})")?;
        }
        write!(f, ": {}", self.feature.instead())
    }
}

/// The globals that Petrel has.
pub const GLOBALS: &[&str] = &[
    "Array",
    "ArrayBuffer",
    "Boolean",
    "DataView",
    "Date",
    "Error",
    "EvalError",
    "Float32Array",
    "Float64Array",
    "Function",
    "Infinity",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "JSON",
    "Map",
    "Math",
    "NaN",
    "Number",
    "Object",
    "RangeError",
    "ReferenceError",
    "RegExp",
    "Set",
    "String",
    "Symbol",
    "SyntaxError",
    "TypeError",
    "URIError",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "WeakMap",
    "WeakSet",
    "console",
    "global",
    "globalThis",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
    "performance",
    "process",
    "undefined",
];

/// Globals of Node that Petrel lacks: a program that mentions one is refused.
pub const MISSING_GLOBALS: &[&str] = &[
    "AbortController",
    "AbortSignal",
    "AggregateError",
    "AsyncDisposableStack",
    "Atomics",
    "BigInt",
    "BigInt64Array",
    "BigUint64Array",
    "Blob",
    "BroadcastChannel",
    "Buffer",
    "ByteLengthQueuingStrategy",
    "CloseEvent",
    "CompressionStream",
    "CountQueuingStrategy",
    "Crypto",
    "CryptoKey",
    "CustomEvent",
    "DOMException",
    "DecompressionStream",
    "DisposableStack",
    "ErrorEvent",
    "Event",
    "EventSource",
    "EventTarget",
    "File",
    "FinalizationRegistry",
    "Float16Array",
    "FormData",
    "Headers",
    "Intl",
    "Iterator",
    "MessageChannel",
    "MessageEvent",
    "MessagePort",
    "Navigator",
    "Performance",
    "PerformanceEntry",
    "PerformanceMark",
    "PerformanceMeasure",
    "PerformanceObserver",
    "PerformanceObserverEntryList",
    "PerformanceResourceTiming",
    "Promise",
    "Proxy",
    "QuotaExceededError",
    "ReadableByteStreamController",
    "ReadableStream",
    "ReadableStreamBYOBReader",
    "ReadableStreamBYOBRequest",
    "ReadableStreamDefaultController",
    "ReadableStreamDefaultReader",
    "Reflect",
    "Request",
    "Response",
    "ShadowRealm",
    "SharedArrayBuffer",
    "Storage",
    "SubtleCrypto",
    "SuppressedError",
    "Temporal",
    "TextDecoder",
    "TextDecoderStream",
    "TextEncoder",
    "TextEncoderStream",
    "TransformStream",
    "TransformStreamDefaultController",
    "URL",
    "URLPattern",
    "URLSearchParams",
    "WeakRef",
    "WebAssembly",
    "WebSocket",
    "WritableStream",
    "WritableStreamDefaultController",
    "WritableStreamDefaultWriter",
    "atob",
    "btoa",
    "clearImmediate",
    "clearInterval",
    "clearTimeout",
    "crypto",
    "fetch",
    "localStorage",
    "navigator",
    "queueMicrotask",
    "sessionStorage",
    "setImmediate",
    "setInterval",
    "setTimeout",
    "structuredClone",
];

/// Node's own modules.
const NATIVE_MODULES: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Whether `require` of this name means a module of Node's own.
pub fn is_native(id: &str) -> bool {
    let name = id.strip_prefix("node:");
    let folder = name.unwrap_or(id).split('/').next().unwrap_or_default();
    name.is_some() || NATIVE_MODULES.binary_search(&folder).is_ok()
}

/// Those that Petrel has.
const PROVIDED_MODULES: &[&str] = &["events", "fs", "os", "path", "perf_hooks", "process", "util"];

/// Whether it is one that Petrel has.
fn is_provided(id: &str) -> bool {
    PROVIDED_MODULES.contains(&id.strip_prefix("node:").unwrap_or(id))
}

/// The modules of Node's own that Petrel has, in a sentence.
pub fn provided() -> String {
    PROVIDED_MODULES.join(", ")
}

/// What is refused, as Markdown: the second half of `lang/reference.md`, which a test compares with it.
pub fn reference() -> String {
    let mut text = String::from("| feature | what to write instead |\n|---|---|\n");
    for feature in RefusedFeature::ALL {
        text.push_str(&format!("| {} | {} |\n", feature.name(), feature.instead()));
    }
    let list = |names: &[&str]| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    text.push_str(&format!("\n## Globals\n\nThere are {}.\n", list(GLOBALS)));
    text.push_str(&format!("\nA program that names one of these is refused: {}.\n", list(MISSING_GLOBALS)));
    text.push_str(
        "\n## Members that are missing\n\nReading one stops the program (exit code 3); assigning one defines it.\n\n",
    );
    for (home, members) in crate::runtime::builtins::missing::MISSING {
        let path = if home.path().is_empty() { "globalThis" } else { home.path() };
        let members: Vec<&str> = members.split_ascii_whitespace().collect();
        text.push_str(&format!("- `{path}`: {}\n", list(&members)));
    }
    text
}

/// Whether the text is a module: then the position of its first `import` or `export` is refused.
pub(super) fn module_syntax(source: &Source, natives_syntax: bool, allocator: &Allocator) -> Option<Refusal> {
    let module = super::parse::module_syntax_position(source, natives_syntax, allocator)?;
    Some(RefusedFeature::Modules.at(module))
}

/// oxc reports a duplicate parameter as a redeclaration; V8 has words of its own for it.
pub(super) fn duplicate_parameter(program: &Program<'_>, error: FrontendError) -> FrontendError {
    struct Finder(u32, bool);
    impl<'a> Visit<'a> for Finder {
        fn visit_formal_parameters(&mut self, it: &FormalParameters<'a>) {
            let names = it.items.iter().flat_map(|p| p.pattern.get_binding_identifiers());
            let names: Vec<_> = names.collect();
            if let Some(i) = names.iter().position(|n| n.span.start == self.0) {
                self.1 |= names[..i].iter().any(|n| n.name == names[i].name);
            }
            walk::walk_formal_parameters(self, it);
        }
    }
    let mut finder = Finder(error.position(), false);
    finder.visit_program(program);
    match error {
        FrontendError::Syntax { position, .. } if finder.1 => {
            let message = "Duplicate parameter name not allowed in this context".to_string();
            FrontendError::Syntax { position, message }
        }
        other => other,
    }
}

/// Every refusal of a program, in the order of the walk.
///
/// # Errors
/// If a regular expression is none: an early error that the parser leaves to us.
pub fn refusals(
    program: &Program<'_>,
    scoping: &Scoping,
    options: &FrontendOptions,
) -> Result<Vec<Refusal>, FrontendError> {
    let mut walk = Walk {
        scoping,
        options,
        found: Vec::new(),
        wrong: None,
        functions: vec![Function_ { this_scope: true, ..Function_::default() }],
        conditional: 0,
        caught: Vec::new(),
    };
    walk.visit_program(program);
    match walk.wrong {
        Some(error) => Err(error),
        None => Ok(walk.found),
    }
}

/// What the walk must know of the function it is in.
#[derive(Default)]
struct Function_ {
    arrow: bool,
    strict: bool,
    this_scope: bool,
    uses_arguments: bool,
    rest: bool,
    start: u32,
    arguments_at: u32,
}

struct Walk<'s> {
    scoping: &'s Scoping,
    options: &'s FrontendOptions,
    found: Vec<Refusal>,
    /// The first regular expression with a mistake.
    wrong: Option<FrontendError>,
    functions: Vec<Function_>,
    /// Depth of `try`, `if` and conditional expressions in the top level of the file.
    conditional: u32,
    /// Names of the parameters of the `catch` clauses around, up to the function.
    caught: Vec<String>,
}

impl Walk<'_> {
    fn refuse(&mut self, position: u32, feature: RefusedFeature) {
        self.found.push(feature.at(position));
    }

    fn refuse_named(&mut self, position: u32, feature: RefusedFeature, name: &str) {
        self.found.push(Refusal { position, feature, detail: Some(name.to_string()) });
    }

    fn strict(&self, scope: &Cell<Option<ScopeId>>) -> bool {
        scope.get().is_some_and(|s| self.scoping.scope_flags(s).is_strict_mode())
    }

    fn is_unresolved(&self, it: &IdentifierReference<'_>) -> bool {
        it.reference_id.get().is_none_or(|r| self.scoping.get_reference(r).symbol_id().is_none())
    }

    fn arguments_owner(&mut self) -> &mut Function_ {
        let i = self.functions.iter().rposition(|f| !f.arrow).unwrap_or(0);
        &mut self.functions[i]
    }

    fn unresolved(&mut self, it: &IdentifierReference<'_>) {
        let name = it.name.as_str();
        let at = it.span.start;
        let write = it.reference_id.get().is_some_and(|r| self.scoping.get_reference(r).is_write());
        if name == "arguments" {
            let owner = self.arguments_owner();
            owner.uses_arguments = true;
            owner.arguments_at = at;
            if write {
                self.refuse(at, RefusedFeature::ArgumentsAssignment);
            }
            if self.functions.iter().all(|f| f.arrow || f.this_scope) {
                self.refuse(at, RefusedFeature::ArgumentsTopLevel);
            }
            return;
        }
        if self.options.module_wrapper && super::WRAPPER_PARAMS.contains(&name) {
            return;
        }
        if name == "eval" {
            self.refuse(at, RefusedFeature::Eval);
        } else if MISSING_GLOBALS.binary_search(&name).is_ok() {
            self.refuse_named(at, RefusedFeature::MissingGlobal, name);
        } else if write && GLOBALS.binary_search(&name).is_ok() {
            self.refuse_named(at, RefusedFeature::GlobalAssignment, name);
        }
    }

    fn in_function(&mut self, function: Function_, then: impl FnOnce(&mut Self)) {
        let caught = std::mem::take(&mut self.caught);
        self.functions.push(function);
        then(self);
        let f = self.functions.pop().expect("pushed above");
        self.caught = caught;
        if f.uses_arguments && f.rest {
            self.refuse(f.arguments_at, RefusedFeature::ArgumentsWithRest);
        }
    }

    fn describe(&self, params: &FormalParameters<'_>, arrow: bool, strict: bool, start: u32) -> Function_ {
        Function_ { arrow, strict, rest: params.rest.is_some(), start, ..Function_::default() }
    }

    fn method(&mut self, it: &Function<'_>, start: u32) {
        if it.generator {
            self.refuse(start, RefusedFeature::Generator);
        }
        if it.r#async {
            self.refuse(start, RefusedFeature::Async);
        }
        let strict = self.strict(&it.scope_id);
        let mut names: Vec<&str> =
            it.params.items.iter().flat_map(|p| p.pattern.get_binding_identifiers()).map(|b| b.name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|w| w[0] == w[1]) {
            self.refuse(it.params.span.start, RefusedFeature::DuplicateParameter);
        }
        let function = self.describe(&it.params, false, strict, it.span.start);
        debug_assert_eq!(function.start, it.span.start);
        self.in_function(function, |w| {
            w.visit_formal_parameters(&it.params);
            if let Some(body) = &it.body {
                w.visit_function_body(body);
            }
        });
    }

    fn body_statement(&mut self, body: &Statement<'_>) {
        if let Statement::FunctionDeclaration(f) = body {
            self.refuse(f.span.start, RefusedFeature::ConditionalFunction);
        }
    }

    /// `Object.getOwnPropertyDescriptor(arguments, …)` in sloppy code shows what `callee` is.
    fn described(&mut self, it: &CallExpression<'_>) {
        let (Some(member), Some(Argument::Identifier(first))) =
            (it.callee.as_member_expression(), it.arguments.first())
        else {
            return;
        };
        let sloppy = |w: &mut Self| w.is_unresolved(first) && !w.arguments_owner().strict;
        if first.name != "arguments" || !sloppy(self) {
            return;
        }
        if let Some("getOwnPropertyDescriptor" | "getOwnPropertyDescriptors") = member.static_property_name() {
            self.refuse(first.span.start, RefusedFeature::ArgumentsCallee);
        }
    }
}

impl<'a> Visit<'a> for Walk<'_> {
    fn visit_program(&mut self, it: &Program<'a>) {
        let strict = self.strict(&it.scope_id);
        self.functions[0].strict = strict;
        walk::walk_program(self, it);
    }

    fn visit_function(&mut self, it: &Function<'a>, _: ScopeFlags) {
        self.method(it, it.span.start);
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        if it.r#async {
            self.refuse(it.span.start, RefusedFeature::Async);
        }
        let strict = self.strict(&it.scope_id);
        let function = self.describe(&it.params, true, strict, it.span.start);
        self.in_function(function, |w| {
            walk::walk_arrow_function_expression(w, it);
        });
    }

    fn visit_class(&mut self, it: &Class<'a>) {
        for d in &it.decorators {
            self.refuse(d.span.start, RefusedFeature::Decorator);
        }
        if let Some(heritage) = &it.heritage {
            self.visit_expression(&heritage.expression);
        }
        for element in &it.body.body {
            match element {
                ClassElement::StaticBlock(block) => {
                    let f = Function_ { strict: true, start: block.span.start, ..Function_::default() };
                    self.in_function(f, |w| walk::walk_static_block(w, block));
                }
                ClassElement::MethodDefinition(m) => {
                    for d in &m.decorators {
                        self.refuse(d.span.start, RefusedFeature::Decorator);
                    }
                    if m.computed {
                        self.visit_property_key(&m.key);
                    }
                    self.method(&m.value, m.span.start);
                }
                ClassElement::PropertyDefinition(p) => {
                    for d in &p.decorators {
                        self.refuse(d.span.start, RefusedFeature::Decorator);
                    }
                    if p.computed {
                        self.visit_property_key(&p.key);
                    }
                    if let Some(value) = &p.value {
                        let f = Function_ { strict: true, start: p.span.start, ..Function_::default() };
                        self.in_function(f, |w| w.visit_expression(value));
                    }
                }
                ClassElement::AccessorProperty(p) => self.refuse(p.span.start, RefusedFeature::Accessor),
                ClassElement::TSIndexSignature(p) => self.refuse(p.span.start, RefusedFeature::SourcePhase),
            }
        }
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        if it.computed {
            self.visit_property_key(&it.key);
        }
        match &it.value {
            Expression::FunctionExpression(f) if it.method || it.kind != PropertyKind::Init => {
                self.method(f, it.span.start);
            }
            value => self.visit_expression(value),
        }
    }

    fn visit_identifier_reference(&mut self, it: &IdentifierReference<'a>) {
        if self.is_unresolved(it) {
            self.unresolved(it);
        } else if it.name == "arguments" || it.name == "eval" {
            // A variable of that name, in sloppy code.
            self.refuse(it.span.start, RefusedFeature::ArgumentsAssignment);
        }
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        self.described(it);
        match &it.callee {
            Expression::Super(_) => {
                for argument in &it.arguments {
                    self.visit_argument(argument);
                }
            }
            Expression::Identifier(id) if id.name == "Function" && self.is_unresolved(id) => {
                self.refuse(it.span.start, RefusedFeature::FunctionConstructor);
                walk::walk_call_expression(self, it);
            }
            Expression::Identifier(id) if id.name == "require" && self.is_unresolved(id) => {
                // Where it is not certain to run, the program stops when it does.
                if let Some(Argument::StringLiteral(path)) = it.arguments.first()
                    && is_native(&path.value)
                    && !is_provided(&path.value)
                    && self.functions.len() == 1
                    && self.conditional == 0
                {
                    self.refuse_named(it.span.start, RefusedFeature::RequiredModule, &path.value);
                }
                walk::walk_call_expression(self, it);
            }
            _ => walk::walk_call_expression(self, it),
        }
    }

    fn visit_new_expression(&mut self, it: &NewExpression<'a>) {
        if let Expression::Identifier(id) = &it.callee
            && id.name == "Function"
            && self.is_unresolved(id)
        {
            self.refuse(id.span.start, RefusedFeature::FunctionConstructor);
        }
        walk::walk_new_expression(self, it);
    }

    fn visit_static_member_expression(&mut self, it: &StaticMemberExpression<'a>) {
        if let Expression::Identifier(id) = &it.object
            && self.is_unresolved(id)
        {
            let property = it.property.name.as_str();
            if id.name == "arguments" && matches!(property, "callee" | "caller") {
                self.refuse(it.property.span.start, RefusedFeature::ArgumentsCallee);
            }
        }
        walk::walk_static_member_expression(self, it);
    }

    fn visit_unary_expression(&mut self, it: &UnaryExpression<'a>) {
        if it.operator == UnaryOperator::Delete && it.argument.is_identifier_reference() {
            self.refuse(it.span.start, RefusedFeature::DeleteName);
        }
        walk::walk_unary_expression(self, it);
    }

    fn visit_big_int_literal(&mut self, it: &BigIntLiteral<'a>) {
        self.refuse(it.span.start, RefusedFeature::BigInt);
    }

    fn visit_reg_exp_literal(&mut self, it: &RegExpLiteral<'a>) {
        let (pattern, flags) = (it.regex.pattern.text.as_str(), it.regex.flags.to_string());
        let message = match regexp::Flags::parse(&flags) {
            None => "Invalid regular expression flags".to_owned(),
            Some(known) => {
                let units: Vec<u16> = pattern.encode_utf16().collect();
                match regexp::compile(&units, known) {
                    Ok(_) => return,
                    Err(regexp::Error::Refused(feature)) => {
                        return self.refuse_named(it.span.start, RefusedFeature::RegularExpression, feature);
                    }
                    Err(regexp::Error::Syntax(message)) => {
                        format!("Invalid regular expression: /{pattern}/{flags}: {message}")
                    }
                }
            }
        };
        self.wrong.get_or_insert(FrontendError::Syntax { position: it.span.start, message });
    }

    fn visit_await_expression(&mut self, it: &AwaitExpression<'a>) {
        self.refuse(it.span.start, RefusedFeature::Async);
        walk::walk_await_expression(self, it);
    }

    fn visit_yield_expression(&mut self, it: &YieldExpression<'a>) {
        walk::walk_yield_expression(self, it);
    }

    fn visit_import_expression(&mut self, it: &ImportExpression<'a>) {
        self.refuse(it.span.start, RefusedFeature::DynamicImport);
        walk::walk_import_expression(self, it);
    }

    fn visit_import_meta(&mut self, it: &ImportMeta) {
        self.refuse(it.span.start, RefusedFeature::ImportMeta);
    }

    fn visit_with_statement(&mut self, it: &WithStatement<'a>) {
        self.refuse(it.span.start, RefusedFeature::With);
        walk::walk_with_statement(self, it);
    }

    fn visit_for_of_statement(&mut self, it: &ForOfStatement<'a>) {
        if it.r#await {
            self.refuse(it.span.start, RefusedFeature::ForAwait);
        }
        self.body_statement(&it.body);
        walk::walk_for_of_statement(self, it);
    }

    fn visit_if_statement(&mut self, it: &IfStatement<'a>) {
        self.body_statement(&it.consequent);
        if let Some(alternate) = &it.alternate {
            self.body_statement(alternate);
        }
        self.conditional += 1;
        walk::walk_if_statement(self, it);
        self.conditional -= 1;
    }

    fn visit_try_statement(&mut self, it: &TryStatement<'a>) {
        self.conditional += 1;
        walk::walk_try_statement(self, it);
        self.conditional -= 1;
    }

    fn visit_catch_clause(&mut self, it: &CatchClause<'a>) {
        let outside = self.caught.len();
        if let Some(param) = &it.param {
            self.caught.extend(param.pattern.get_binding_identifiers().iter().map(|b| b.name.to_string()));
        }
        walk::walk_catch_clause(self, it);
        self.caught.truncate(outside);
    }

    fn visit_conditional_expression(&mut self, it: &ConditionalExpression<'a>) {
        self.conditional += 1;
        walk::walk_conditional_expression(self, it);
        self.conditional -= 1;
    }

    fn visit_logical_expression(&mut self, it: &LogicalExpression<'a>) {
        self.conditional += 1;
        walk::walk_logical_expression(self, it);
        self.conditional -= 1;
    }

    fn visit_labeled_statement(&mut self, it: &LabeledStatement<'a>) {
        if let Statement::FunctionDeclaration(f) = &it.body {
            self.refuse(f.span.start, RefusedFeature::LabeledFunction);
        }
        walk::walk_labeled_statement(self, it);
    }

    fn visit_variable_declaration(&mut self, it: &VariableDeclaration<'a>) {
        if it.kind == VariableDeclarationKind::Var {
            // Its initializer would assign the parameter, not the variable.
            for name in it.declarations.iter().flat_map(|d| d.id.get_binding_identifiers()) {
                if self.caught.iter().any(|c| *c == name.name.as_str()) {
                    self.refuse(name.span.start, RefusedFeature::CatchRedeclared);
                }
            }
        }
        if matches!(it.kind, VariableDeclarationKind::Using | VariableDeclarationKind::AwaitUsing) {
            self.refuse(it.span.start, RefusedFeature::Using);
        }
        walk::walk_variable_declaration(self, it);
    }

    fn visit_ts_type(&mut self, it: &TSType<'a>) {
        self.refuse(it.span().start, RefusedFeature::SourcePhase);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_disjoint() {
        for table in [GLOBALS, MISSING_GLOBALS, NATIVE_MODULES] {
            assert!(table.is_sorted(), "binary search needs order");
        }
        assert!(GLOBALS.iter().all(|g| !MISSING_GLOBALS.contains(g)));
    }
}
