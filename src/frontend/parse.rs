//! Calls the parser and the semantic builder: the only file that does.
//!
//! In: the text of a file. Out: the syntax tree with resolved names, or the first syntax error with a position and a
//! message in V8's words. The `oxc` crates do the work; three things around them are ours:
//!
//! * Both the parser and every walk over its tree recurse, so a file of 100,000 brackets would overflow the stack. A scan
//!   over the text finds an upper bound of the nesting first: past [`MAX_NESTING`] the file is refused, and a deep one is
//!   compiled on a thread with a stack made to measure.
//! * Without the semantic builder's syntax checks many early errors pass silently (redeclarations, duplicate parameters,
//!   private names), so it is always asked for them.
//! * oxc's messages are its own. Those that programs meet most are translated, the rest are passed through.

use super::{FrontendError, FrontendOptions};
use crate::bytecode::function::Source;
use oxc_allocator::Allocator;
use oxc_ast::ast::{Program, Statement};
use oxc_diagnostics::OxcDiagnostic;
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::{Scoping, SemanticBuilder};
use oxc_span::{GetSpan, SourceType};

/// Deepest nesting that is accepted. V8 gives up at about as many.
pub const MAX_NESTING: u32 = 7_000;
/// Up to this nesting the caller's stack will do.
const SHALLOW_NESTING: u32 = 100;
/// Stack for one level of nesting, in the deepest of parser, semantic builder, analysis and lowering.
const STACK_PER_LEVEL: usize = 24 * 1024;
/// Longest text: positions are 32 bits wide and code offsets must stay far below that.
const MAX_TEXT: usize = 256 << 20;

/// Runs `then` on the parsed program, on a stack that is deep enough for it.
pub fn with_program<R: Send>(
    source: &Source,
    options: &FrontendOptions,
    then: impl FnOnce(&Program<'_>, &Scoping) -> Result<R, FrontendError> + Send,
) -> Result<R, FrontendError> {
    if source.text.len() > MAX_TEXT {
        return Err(FrontendError::TooLarge { position: 0, what: "source text", limit: MAX_TEXT as u32 });
    }
    let (nesting, deepest_at) = nesting_bound(&source.text);
    if nesting > MAX_NESTING {
        return Err(FrontendError::TooLarge { position: deepest_at, what: "nesting", limit: MAX_NESTING });
    }
    if nesting <= SHALLOW_NESTING {
        return parse_and(source, options, then);
    }
    let stack = (8 << 20) + nesting as usize * STACK_PER_LEVEL;
    std::thread::scope(|threads| {
        let worker = std::thread::Builder::new()
            .name("petrel-frontend".into())
            .stack_size(stack)
            .spawn_scoped(threads, || parse_and(source, options, then));
        match worker {
            Ok(worker) => worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => Err(FrontendError::TooLarge { position: deepest_at, what: "nesting", limit: SHALLOW_NESTING }),
        }
    })
}

fn parse_and<R>(
    source: &Source,
    options: &FrontendOptions,
    then: impl FnOnce(&Program<'_>, &Scoping) -> Result<R, FrontendError>,
) -> Result<R, FrontendError> {
    let allocator = Allocator::default();
    let parse_options = ParseOptions {
        // `subset` compiles every regular expression, and words what is wrong with it as V8 does.
        parse_regular_expression: false,
        allow_return_outside_function: options.module_wrapper,
        preserve_parens: false,
        allow_v8_intrinsics: options.natives_syntax,
        ..ParseOptions::default()
    };
    let parsed = Parser::new(&allocator, &source.text, SourceType::script()).with_options(parse_options).parse();
    let mut errors: Vec<&OxcDiagnostic> = parsed.diagnostics.errors().collect();
    // `import` and `export` parse only in module code; they are refused by name, not reported as a syntax error.
    if !errors.is_empty()
        && let Some(refusal) = super::subset::module_syntax(source, options.natives_syntax, &allocator)
    {
        return Err(FrontendError::Refused(vec![refusal]));
    }
    if !errors.is_empty() {
        errors.sort_by_key(|d| position_of(d));
        return Err(syntax_error(source, errors[0]));
    }
    let built = SemanticBuilder::new().with_check_syntax_error(true).build(&parsed.program);
    let mut errors: Vec<&OxcDiagnostic> = built.diagnostics.errors().filter(|d| !tolerated(d)).collect();
    if errors.iter().any(|d| d.message.ends_with("outside a module"))
        && let Some(refusal) = super::subset::module_syntax(source, options.natives_syntax, &allocator)
    {
        return Err(FrontendError::Refused(vec![refusal]));
    }
    errors.sort_by_key(|d| position_of(d));
    if let Some(first) = errors.first() {
        let error = syntax_error(source, first);
        return Err(super::subset::duplicate_parameter(&parsed.program, error));
    }
    then(&parsed.program, built.semantic.scoping())
}

/// Position of the first `import` or `export` declaration, if the text is well formed as a module.
pub fn module_syntax_position(source: &Source, natives_syntax: bool, allocator: &Allocator) -> Option<u32> {
    let options = ParseOptions { allow_v8_intrinsics: natives_syntax, ..ParseOptions::default() };
    let parsed = Parser::new(allocator, &source.text, SourceType::mjs()).with_options(options).parse();
    if parsed.panicked || parsed.diagnostics.has_errors() {
        return None;
    }
    parsed.program.body.iter().find(|s| s.is_module_declaration()).map(|s| s.span().start)
}

/// The text, changed so that it returns the value of its last statement if that is an expression: what `-p` prints.
pub fn returning(text: &str) -> String {
    let allocator = Allocator::default();
    let options = ParseOptions { allow_return_outside_function: true, ..ParseOptions::default() };
    let parsed = Parser::new(&allocator, text, SourceType::script()).with_options(options).parse();
    let (whole, expression) = match (parsed.program.body.last(), parsed.program.directives.last()) {
        (Some(Statement::ExpressionStatement(last)), _) => (last.span, last.expression.span()),
        // A string alone is a directive for the parser.
        (None, Some(directive)) => (directive.span, directive.expression.span),
        (Some(_), _) | (None, None) => return text.to_string(),
    };
    if parsed.diagnostics.has_errors() {
        return text.to_string();
    }
    let before = &text[..whole.start as usize];
    format!("{before}return ({}\n);", &text[expression.start as usize..expression.end as usize])
}

/// An input of a session, made ready.
pub enum SessionInput {
    /// It breaks off: more lines are needed.
    Incomplete,
    /// What to run. A text with an error comes back unchanged, so that running it reports the error.
    Whole(String),
}

/// Wraps an input of a session: see `vm::session`.
pub fn session_input(text: &str) -> SessionInput {
    let allocator = Allocator::default();
    let source_type = SourceType::script();
    if nesting_bound(text).0 > SHALLOW_NESTING {
        return SessionInput::Whole(text.to_string());
    }
    // `{ a: 1 }` alone on a line is meant as an object.
    let trimmed = text.trim();
    let object = format!("({trimmed})");
    let braces = trimmed.starts_with('{') && trimmed.ends_with('}');
    let text = if braces && !Parser::new(&allocator, &object, source_type).parse().diagnostics.has_errors() {
        object.as_str()
    } else {
        text
    };
    let parsed = Parser::new(&allocator, text, source_type).parse();
    let mut errors: Vec<&OxcDiagnostic> = parsed.diagnostics.errors().collect();
    errors.sort_by_key(|d| position_of(d));
    if let Some(first) = errors.first() {
        let at_end = position_of(first) as usize >= text.trim_end().len();
        // An odd backtick or a comment without its end is open too, though the parser blames its beginning.
        let open = text.matches('`').count() % 2 == 1 || text.matches("/*").count() > text.matches("*/").count();
        return if at_end || open { SessionInput::Incomplete } else { SessionInput::Whole(text.to_string()) };
    }
    let mut names: Vec<&str> = Vec::new();
    for statement in &parsed.program.body {
        match statement {
            Statement::VariableDeclaration(d) => {
                names.extend(
                    d.declarations.iter().flat_map(|d| d.id.get_binding_identifiers()).map(|b| b.name.as_str()),
                );
            }
            Statement::FunctionDeclaration(f) => names.extend(f.id.iter().map(|id| id.name.as_str())),
            Statement::ClassDeclaration(c) => names.extend(c.id.iter().map(|id| id.name.as_str())),
            _other => {}
        }
    }
    let share = |name: &str| {
        format!(
            "Object.defineProperty(globalThis,'{name}',{{get:()=>{name},set:(v)=>{{{name}=v}},configurable:true,enumerable:true}});"
        )
    };
    let shared: String = names.iter().map(|name| share(name)).collect();
    SessionInput::Whole(format!("{shared}{}", returning(text)))
}

/// What oxc reports and Node accepts in a CommonJS module: its wrapper is a function.
fn tolerated(diagnostic: &OxcDiagnostic) -> bool {
    diagnostic.message.contains("new.target")
}

fn position_of(diagnostic: &OxcDiagnostic) -> u32 {
    // A redeclaration is labelled at both declarations; V8 points at the second.
    let mut offsets = diagnostic.labels.iter().map(|l| l.offset());
    if diagnostic.message.contains("already been declared") {
        offsets.max().unwrap_or(0)
    } else {
        offsets.next().unwrap_or(0)
    }
}

fn syntax_error(source: &Source, diagnostic: &OxcDiagnostic) -> FrontendError {
    let text = &source.text;
    let mut position = position_of(diagnostic);
    if diagnostic.message.starts_with("Expected a semicolon") {
        // Reported at the end of the statement; V8 points at what follows.
        let rest = text.get(position as usize..).unwrap_or("");
        position += (rest.len() - rest.trim_start().len()) as u32;
    }
    FrontendError::Syntax { position, message: message_in_v8s_words(text, position, &diagnostic.message) }
}

/// oxc's messages (how they begin, or a part) and V8's for the same.
const MESSAGES: &[(&str, &str)] = &[
    ("Unterminated string", "Invalid or unexpected token"),
    ("Unterminated regular expression", "Invalid regular expression: missing /"),
    ("Unterminated multiline comment", "Invalid or unexpected token"),
    ("Invalid characters after number", "Invalid or unexpected token"),
    ("Invalid Character", "Invalid or unexpected token"),
    ("in regular expression literal", "Invalid regular expression flags"),
    ("Unexpected end of file", "Invalid or unexpected token"),
    ("Invalid assignment in object literal", "Invalid shorthand property initializer"),
    ("Cannot assign to 'eval'", "Unexpected eval or arguments in strict mode"),
    ("Cannot assign to 'arguments'", "Unexpected eval or arguments in strict mode"),
    ("Cannot assign to this expression", "Invalid left-hand side in assignment"),
    ("Multiple constructor implementations", "A class may only have one constructor"),
    ("'super' can only be referenced", "'super' keyword unexpected here"),
    ("Super calls are not permitted", "'super' keyword unexpected here"),
    ("Missing catch or finally clause", "Missing catch or finally after try"),
    ("A 'default' clause cannot appear more", "More than one default clause in switch statement"),
    ("'with' statements are not allowed", "Strict mode code may not include a with statement"),
    ("let` cannot be declared", "let is disallowed as a lexically bound name"),
    ("Logical expressions and coalesce expressions", "Unexpected token '??'"),
    (
        "cannot be used as the left operand of an exponentiation",
        "Unary operator used immediately before exponentiation expression. Parenthesis must be used to disambiguate \
         operator precedence",
    ),
    ("Expected function name", "Function statements require a function name"),
    ("A 'get' accessor must not", "Getter must not have any formal parameters."),
    ("A 'set' accessor must have", "Setter must have exactly one formal parameter."),
    (
        "is only allowed within async functions",
        "await is only valid in async functions and the top level bodies of modules",
    ),
    ("A class name is required", "Unexpected token '{'"),
];

fn message_in_v8s_words(text: &str, position: u32, message: &str) -> String {
    let rest = text.get(position as usize..).unwrap_or("");
    let quoted = || message.split(['`', '\'']).nth(1).unwrap_or("").to_string();
    if message.starts_with("Identifier `") {
        return match quoted().as_str() {
            "__proto__" => "Duplicate __proto__ fields are not allowed in object literals".into(),
            name => format!("Identifier '{name}' has already been declared"),
        };
    }
    if message.starts_with("Label `") {
        return format!("Label '{}' has already been declared", quoted());
    }
    if message.starts_with("Use of undefined label") {
        return format!("Undefined label '{}'", word(rest));
    }
    if message.starts_with("Private identifier '#") || message.starts_with("Private field '#") {
        return format!("Private field '{}' must be declared in an enclosing class", quoted());
    }
    if message.starts_with("The keyword '") {
        return "Unexpected strict mode reserved word".into();
    }
    if message.starts_with("'0'-prefixed octal") {
        let what = if rest.starts_with(['"', '\'']) { "escape sequences" } else { "literals" };
        return format!("Octal {what} are not allowed in strict mode.");
    }
    if message.starts_with("Delete of an unqualified") {
        return "Delete of an unqualified identifier in strict mode.".into();
    }
    if message.starts_with("Invalid escape sequence") {
        return match rest.as_bytes().get(1) {
            Some(b'x') => "Invalid hexadecimal escape sequence",
            Some(b'u') if rest.starts_with("\\u{") => "Undefined Unicode code-point",
            _ => "Invalid Unicode escape sequence",
        }
        .into();
    }
    if let Some((_, v8)) = MESSAGES.iter().find(|(oxc, _)| message.contains(oxc)) {
        return (*v8).to_string();
    }
    if message.starts_with("Expected `,` or `)`") {
        return "missing ) after argument list".into();
    }
    if message.starts_with("Unexpected token") || message.starts_with("Expected") {
        return unexpected(rest);
    }
    message.trim_end_matches('.').to_string()
}

/// The identifier that a text starts with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len());
    &text[..end]
}

/// "Unexpected …" for the token that a text starts with.
fn unexpected(rest: &str) -> String {
    let mut chars = rest.chars();
    let Some(first) = chars.next() else { return "Unexpected end of input".into() };
    if first.is_ascii_digit() {
        return "Unexpected number".into();
    }
    if first == '"' || first == '\'' {
        return "Unexpected string".into();
    }
    if first == '`' {
        return "Unexpected template string".into();
    }
    if first.is_alphabetic() || first == '_' || first == '$' {
        let word = word(rest);
        return if is_reserved_word(word) {
            format!("Unexpected token '{word}'")
        } else {
            format!("Unexpected identifier '{word}'")
        };
    }
    if first == '#' || first == '@' || first == '\\' || !first.is_ascii() {
        return "Invalid or unexpected token".into();
    }
    const LONG: [&str; 26] = [
        ">>>=", "...", "===", "!==", ">>>", "<<=", ">>=", "**=", "&&=", "||=", "??=", "=>", "==", "!=", "<=", ">=",
        "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "**",
    ];
    let token = LONG.iter().find(|t| rest.starts_with(**t)).map_or(&rest[..1], |t| t);
    format!("Unexpected token '{token}'")
}

/// Whether a word can never be an identifier.
pub fn is_reserved_word(word: &str) -> bool {
    const WORDS: [&str; 38] = [
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "enum",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "import",
        "in",
        "instanceof",
        "new",
        "null",
        "return",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "var",
        "void",
        "while",
        "with",
        "let",
        "static",
    ];
    WORDS[..36].contains(&word)
}

/// One open bracket of [`nesting_bound`].
struct Level {
    /// Tokens since the last separator that may each nest one deeper.
    pending: u32,
    /// The bracket is the head of `if`, `while`, `for` or `with`, so a slash after it begins a regular expression.
    head: bool,
    /// A brace that stands for a `${` in a template.
    template: bool,
}

/// An upper bound of how deep the syntax tree of a text may be, and where it is deepest.
///
/// Every open bracket counts, and so does every operator or keyword since the last separator at its level, because
/// `a=>a=>a`, `!!!a`, `a+a+a` and `if(a)if(a)` nest without brackets, and `f()()()` nests by what precedes the brackets.
fn nesting_bound(text: &str) -> (u32, u32) {
    let b = text.as_bytes();
    let mut levels = vec![Level { pending: 0, head: false, template: false }];
    let (mut depth, mut max, mut max_at) = (0u32, 0u32, 0u32);
    let mut i = 0;
    // Whether a slash here would divide; and whether the last word can head a parenthesis.
    let (mut after_operand, mut head_word) = (false, false);
    // The last byte of the token before.
    let mut last = b' ';
    while i < b.len() {
        let c = b[i];
        match c {
            b' ' | b'\t' | b'\n' | b'\r' => {
                i += 1;
                continue;
            }
            b'"' | b'\'' => {
                i = skip_string(b, i);
                after_operand = true;
            }
            b'`' => {
                if after_operand {
                    // A tagged template nests what stands before it: f````.
                    depth += 1;
                    levels.last_mut().expect("at least the outermost").pending += 1;
                }
                i = skip_template(b, i + 1, &mut levels, &mut depth);
                after_operand = levels.last().is_some_and(|l| !l.template) || b.get(i - 1) == Some(&b'`');
            }
            b'/' if b.get(i + 1) == Some(&b'/') => {
                while i < b.len() && b[i] != b'\n' && b[i] != b'\r' {
                    i += 1;
                }
                continue;
            }
            b'/' if b.get(i + 1) == Some(&b'*') => {
                i = text[i + 2..].find("*/").map_or(b.len(), |e| i + 4 + e);
                continue;
            }
            b'/' if !after_operand => {
                let (end, groups) = skip_regexp(b, i + 1);
                if depth + groups > max {
                    (max, max_at) = (depth + groups, i as u32);
                }
                i = end;
                after_operand = true;
            }
            b'(' | b'[' | b'{' => {
                if c != b'{' && matches!(last, b')' | b']' | b'`') {
                    // A call or an access nests what stands before it: `f()()()`.
                    depth += 1;
                    levels.last_mut().expect("at least the outermost").pending += 1;
                }
                levels.push(Level { pending: 0, head: head_word && c == b'(', template: false });
                depth += 1;
                after_operand = false;
                i += 1;
            }
            b')' | b']' | b'}' => {
                if levels.len() > 1 {
                    let level = levels.pop().expect("more than one level");
                    depth -= 1 + level.pending;
                    i += 1;
                    if level.template {
                        i = skip_template(b, i, &mut levels, &mut depth);
                        after_operand = b.get(i - 1) == Some(&b'`');
                    } else {
                        after_operand = c == b']' || (c == b')' && !level.head);
                        if c == b'}' && !continues_after_brace(b, i) {
                            reset(&mut levels, &mut depth);
                        }
                    }
                } else {
                    i += 1;
                    after_operand = false;
                }
            }
            b';' | b',' => {
                i += 1;
                if c == b',' || !continues_after_brace(b, i) {
                    reset(&mut levels, &mut depth);
                }
                after_operand = false;
            }
            b'0'..=b'9' => {
                while i < b.len() && (b[i].is_ascii_alphanumeric() || b[i] == b'.' || b[i] == b'_') {
                    i += 1;
                }
                after_operand = true;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | 0x80.. => {
                let start = i;
                while i < b.len() && (b[i].is_ascii_alphanumeric() || matches!(b[i], b'_' | b'$' | 0x80..)) {
                    i += 1;
                }
                let word = &text[start..i];
                let member = start > 0 && b[start - 1] == b'.';
                head_word = !member && matches!(word, "if" | "while" | "for" | "with");
                after_operand = member || word == "this" || word == "super" || !is_reserved_word(word);
                if !after_operand {
                    depth += 1;
                    levels.last_mut().expect("at least the outermost").pending += 1;
                }
                if depth > max {
                    (max, max_at) = (depth, start as u32);
                }
                last = b'a';
                continue;
            }
            _ => {
                // An operator. `++` and `--` after an operand leave an operand.
                let doubled = (c == b'+' || c == b'-') && b.get(i + 1) == Some(&c);
                i += if doubled { 2 } else { 1 };
                after_operand = doubled && after_operand;
                depth += 1;
                levels.last_mut().expect("at least the outermost").pending += 1;
            }
        }
        head_word = false;
        last = b[i - 1];
        if depth > max {
            (max, max_at) = (depth, i.saturating_sub(1).min(b.len()) as u32);
        }
    }
    while !text.is_char_boundary(max_at as usize) {
        max_at -= 1;
    }
    (max, max_at)
}

/// Nothing is pending any more at the innermost level: a statement or list element has ended.
fn reset(levels: &mut [Level], depth: &mut u32) {
    let level = levels.last_mut().expect("at least the outermost");
    *depth -= level.pending;
    level.pending = 0;
}

/// Whether the statement goes on after a closing brace or a semicolon: `else`, or an operator after an object literal.
fn continues_after_brace(b: &[u8], mut i: usize) -> bool {
    while i < b.len() && b[i].is_ascii_whitespace() {
        i += 1;
    }
    match b.get(i) {
        None => false,
        Some(c) if c.is_ascii_alphabetic() => b[i..].starts_with(b"else"),
        Some(b';' | b',' | b'}' | b'{' | b'/' | b'#' | b'$' | b'_' | b'0'..=b'9' | b'"' | b'\'') => false,
        Some(_) => true,
    }
}

fn skip_string(b: &[u8], start: usize) -> usize {
    let quote = b[start];
    let mut i = start + 1;
    while i < b.len() && b[i] != b'\n' && b[i] != b'\r' {
        if b[i] == b'\\' {
            // An escaped line end continues the string.
            i += if b.get(i + 1) == Some(&b'\r') && b.get(i + 2) == Some(&b'\n') { 3 } else { 2 };
            continue;
        }
        i += 1;
        if b[i - 1] == quote {
            return i;
        }
    }
    i.min(b.len())
}

/// Skips template text up to its end or into its next substitution, which opens a level.
fn skip_template(b: &[u8], mut i: usize, levels: &mut Vec<Level>, depth: &mut u32) -> usize {
    while i < b.len() {
        match b[i] {
            b'\\' => i += 2,
            b'`' => return i + 1,
            b'$' if b.get(i + 1) == Some(&b'{') => {
                levels.push(Level { pending: 0, head: false, template: true });
                *depth += 1;
                return i + 2;
            }
            _ => i += 1,
        }
    }
    b.len()
}

/// End of a regular expression, and how deep its groups nest.
fn skip_regexp(b: &[u8], mut i: usize) -> (usize, u32) {
    let (mut class, mut open, mut deepest) = (0u32, 0u32, 0u32);
    while i < b.len() && b[i] != b'\n' && b[i] != b'\r' {
        match b[i] {
            b'\\' => i += 1,
            // Classes nest under flag v.
            b'[' => class += 1,
            b']' => class = 0,
            b'(' if class == 0 => open += 1,
            b')' if class == 0 => open = open.saturating_sub(1),
            b'/' if class == 0 => {
                i += 1;
                while i < b.len() && b[i].is_ascii_alphabetic() {
                    i += 1;
                }
                return (i, deepest);
            }
            _ => {}
        }
        deepest = deepest.max(open + class);
        i += 1;
    }
    (i.min(b.len()), deepest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_bounded_from_above() {
        assert_eq!(nesting_bound("").0, 0);
        assert_eq!(nesting_bound("f([[1]])").0, 3);
        assert!(nesting_bound(&"[".repeat(100_000)).0 >= 100_000);
        assert!(nesting_bound(&"!".repeat(5_000)).0 >= 5_000);
        assert!(nesting_bound(&"a=>".repeat(5_000)).0 >= 5_000);
        assert!(nesting_bound(&"if(a)".repeat(5_000)).0 >= 5_000);
        assert!(nesting_bound(&"if(a){}else ".repeat(5_000)).0 >= 5_000);
        assert!(nesting_bound(&"`${".repeat(5_000)).0 >= 5_000);
        assert!(nesting_bound(&format!("f{}", "()".repeat(5_000))).0 >= 5_000);
        assert!(nesting_bound(&format!("f{}", "``".repeat(5_000))).0 >= 5_000);
        assert!(nesting_bound(&format!("if(x)/`\"/.y;{}", "[".repeat(5_000))).0 >= 5_000);
    }

    #[test]
    fn ordinary_programs_are_shallow() {
        let flat =
            "var a = b / 2, c = '((((', d = /[[[\"(/g; // ((((\nif (x) { y(a); } else { z[`${a}((`] = { k: 1 }; }\n";
        assert!(nesting_bound(&flat.repeat(1_000)).0 < 20);
        let list = format!("x = [{}]", "1, 'a', -2,".repeat(10_000));
        assert!(nesting_bound(&list).0 < 10);
    }
}
