//! The rules of the house that a compiler does not check.
//!
//! | rule | where it is data here |
//! |---|---|
//! | a room imports only rooms on lower floors, or the neighbours named | [`ROOMS`] |
//! | every file begins with an essay, `//!` | all `.rs` files |
//! | `unsafe` stays in the rooms that need it | [`UNSAFE_ROOMS`] |
//! | a file past 1,000 lines of code is two rooms | [`MAX_CODE_LINES`] |
//! | no wildcard arm in a match on one of our enums | every `pub enum` of `src`, and [`TABLE_ENUMS`] |
//! | no ignored tests, no leftovers, no names of one machine | [`leftovers`], [`local_names`] |
//! | `cfg(target_arch)` only where machine code is made | [`ARCH_ROOMS`] |
//!
//! The source is read as text with comments and literals blanked out, so the rules hold as far as text can tell. Code in
//! `#[cfg(test)]` modules may import anything and does not count as lines of code. The idea is rust-analyzer's and
//! TigerBeetle's: an architecture document that nobody enforces is wrong within a month.

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use support::{files, root};

/// The rooms, from the ground up: name, floor, neighbours of the same floor (or above) that it may import.
const ROOMS: &[(&str, u32, &[&str])] = &[
    ("vocab", 0, &[]),
    ("config", 0, &["vocab"]),
    ("events", 0, &["vocab", "config"]),
    ("bytecode", 1, &["runtime"]),
    ("feedback", 1, &["runtime", "bytecode"]),
    ("runtime", 1, &["bytecode", "feedback"]),
    ("frontend", 2, &[]),
    ("interp", 2, &[]),
    ("hir", 2, &[]),
    ("code", 3, &[]),
    ("codegen", 4, &["deopt"]),
    ("deopt", 4, &["codegen"]),
    ("baseline", 4, &["codegen", "deopt"]),
    ("tiering", 5, &[]),
    ("vm", 6, &[]),
    ("lib", 6, &["vm"]),
    ("observe", OBSERVERS, &[]),
    ("experiment", OBSERVERS, &["observe"]),
    ("cli", 7, &["observe", "experiment"]),
    ("main", 7, &["cli", "observe", "experiment"]),
    ("fuzz", 7, &[]),
];

/// Observers stand beside the house: they import floor 0 only, and nobody but the command line imports them.
const OBSERVERS: u32 = 100;

/// Path prefixes below `src` in which `unsafe` may occur.
const UNSAFE_ROOMS: &[&str] =
    &["runtime/", "interp/", "feedback/", "code/", "codegen/", "baseline/", "deopt/", "vm.rs", "vm/"];

/// Path prefixes below those in which it may not.
const SAFE_AGAIN: &[&str] = &["runtime/builtins/"];

/// The file below those that gives the builtins safe access to their arguments.
const ARGUMENT_ACCESS: &str = "runtime/builtins/mod.rs";

/// Path prefixes below `src` that may ask which machine they are compiled for.
const ARCH_ROOMS: &[&str] = &["code/", "codegen/", "deopt/", "runtime/heap/", "runtime/thunk.rs"];

/// Lines that are neither blank nor comment nor test.
const MAX_CODE_LINES: usize = 1000;

/// Enums that macros declare, which a search for `pub enum` does not find.
const TABLE_ENUMS: &[&str] = &[
    "Op",
    "Opcode",
    "Inst",
    "Event",
    "DeoptReason",
    "DeoptKind",
    "DeoptAction",
    "RefusalReason",
    "InvalidationCause",
    "Metric",
    "Tier",
    "Intrinsic",
    "Builtin",
    "PolicyKind",
];

/// Enums of ours that have a namesake in the parser's crates; the room that meets both may use wildcards on that one.
const NAMESAKES: &[(&str, &str)] = &[("frontend", "PropertyKey")];

/// A source file: its path, its text, and its text without comments and literals (same length in lines).
struct Source {
    path: PathBuf,
    text: String,
    bare: String,
}

impl Source {
    fn read(path: PathBuf) -> Source {
        let text = std::fs::read_to_string(root().join(&path)).expect("a readable source file");
        let bare = without_comments_and_literals(&text);
        Source { path, text, bare }
    }

    /// Path below `src`, with forward slashes.
    fn below_src(&self) -> String {
        self.path.strip_prefix("src").unwrap_or(&self.path).to_string_lossy().replace('\\', "/")
    }

    /// The room that the file belongs to.
    fn room(&self) -> String {
        let below = self.below_src();
        below.split('/').next().expect("a first part").trim_end_matches(".rs").to_string()
    }

    fn line_of(&self, offset: usize) -> usize {
        self.bare[..offset].matches('\n').count() + 1
    }
}

fn sources(folders: &[&str]) -> Vec<Source> {
    folders.iter().flat_map(|folder| files(folder, "rs")).map(Source::read).collect()
}

/// Replaces comments, strings and character literals by spaces, keeping line breaks.
fn without_comments_and_literals(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    let blank = |out: &mut String, c: char| out.push(if c == '\n' { '\n' } else { ' ' });
    let starts = |i: usize, word: &str| word.chars().enumerate().all(|(k, c)| chars.get(i + k) == Some(&c));
    let is_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() || *c == '_');
    while i < chars.len() {
        if starts(i, "//") {
            while i < chars.len() && chars[i] != '\n' {
                blank(&mut out, chars[i]);
                i += 1;
            }
        } else if starts(i, "/*") {
            let mut depth = 0;
            while i < chars.len() {
                let step = if starts(i, "/*") {
                    depth += 1;
                    2
                } else if starts(i, "*/") {
                    depth -= 1;
                    2
                } else {
                    1
                };
                (i..(i + step).min(chars.len())).for_each(|k| blank(&mut out, chars[k]));
                i += step;
                if depth == 0 {
                    break;
                }
            }
        } else if let Some(end) = raw_string_end(&chars, i, i > 0 && is_word(chars.get(i - 1))) {
            (i..end).for_each(|k| blank(&mut out, chars[k]));
            i = end;
        } else if chars[i] == '"' {
            blank(&mut out, '"');
            i += 1;
            while i < chars.len() && chars[i] != '"' {
                let step = if chars[i] == '\\' { 2 } else { 1 };
                (i..(i + step).min(chars.len())).for_each(|k| blank(&mut out, chars[k]));
                i += step;
            }
            blank(&mut out, '"');
            i += 1;
        } else if chars[i] == '\'' && is_char_literal(&chars, i) {
            let mut end = i + 1;
            while end < chars.len() && chars[end] != '\'' {
                end += if chars[end] == '\\' { 2 } else { 1 };
            }
            (i..=end.min(chars.len() - 1)).for_each(|k| blank(&mut out, chars[k]));
            i = end + 1;
        } else {
            out.push(chars[i]);
            i += 1;
        }
    }
    out
}

/// Whether a quote begins a character rather than a lifetime.
fn is_char_literal(chars: &[char], i: usize) -> bool {
    chars.get(i + 1) == Some(&'\\') || chars.get(i + 2) == Some(&'\'')
}

/// The end of a raw string that begins at `i`, if one does.
fn raw_string_end(chars: &[char], i: usize, inside_word: bool) -> Option<usize> {
    if inside_word {
        return None;
    }
    let mut k = i;
    if chars.get(k) == Some(&'b') {
        k += 1;
    }
    if chars.get(k) != Some(&'r') {
        return None;
    }
    k += 1;
    let hashes = chars[k..].iter().take_while(|&&c| c == '#').count();
    k += hashes;
    if chars.get(k) != Some(&'"') {
        return None;
    }
    k += 1;
    while k < chars.len() {
        if chars[k] == '"' && chars[k + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes {
            return Some(k + 1 + hashes);
        }
        k += 1;
    }
    Some(chars.len())
}

/// Blanks the bodies of `#[cfg(test)] mod …` in bare text.
fn without_tests(bare: &str) -> String {
    let mut out = bare.to_string();
    let mut from = 0;
    while let Some(found) = out[from..].find("#[cfg(test)]") {
        let start = from + found;
        let rest = &out[start..];
        let open = rest.find('{');
        let semicolon = rest.find(';');
        let end = match (open, semicolon) {
            (Some(open), semicolon) if semicolon.is_none_or(|semicolon| open < semicolon) => {
                matching_brace(&out, start + open).unwrap_or(out.len() - 1)
            }
            (_, Some(semicolon)) => start + semicolon,
            (_, None) => out.len() - 1,
        };
        let blanked: String = out[start..=end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        out.replace_range(start..=end, &blanked);
        from = start;
    }
    out
}

/// The offset of the brace that closes the one at `open`.
fn matching_brace(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0;
    for (i, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(i);
                }
            }
            _ => {}
        }
    }
    None
}

/// Rooms that a file names after `crate::` (or `petrel::`), groups included, with their lines.
fn imports(bare: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for prefix in ["crate::", "petrel::"] {
        for (offset, _) in bare.match_indices(prefix) {
            if bare[..offset].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
                continue;
            }
            let line = bare[..offset].matches('\n').count() + 1;
            let rest = &bare[offset + prefix.len()..];
            if rest.starts_with('{') {
                let end = matching_brace(rest, 0).unwrap_or(rest.len());
                for item in split_at_depth_0(&rest[1..end], ',') {
                    found.push((first_word(item.trim()), line));
                }
            } else {
                found.push((first_word(rest), line));
            }
        }
    }
    found.retain(|(word, _)| !word.is_empty());
    found
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Splits at a separator that stands in no bracket.
fn split_at_depth_0(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (i, c) in text.char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            c if c == separator && depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn assert_clean(rule: &str, problems: Vec<String>) {
    assert!(problems.is_empty(), "{rule}\n  {}", problems.join("\n  "));
}

#[test]
fn rooms_import_downward_only() {
    let row = |name: &str| ROOMS.iter().find(|(room, _, _)| *room == name);
    let mut problems = Vec::new();
    for source in sources(&["src"]) {
        let room = source.room();
        let Some((_, floor, neighbours)) = row(&room) else {
            problems.push(format!("{}: the room {room} is not in the table ROOMS", source.path.display()));
            continue;
        };
        for (imported, line) in imports(&without_tests(&source.bare)) {
            // What is no room is an item of the crate's root, such as the public API's own names.
            let Some((_, below, _)) = row(&imported) else { continue };
            let observer_looks_in = *floor == OBSERVERS && *below > 0;
            let allowed = imported == room
                || neighbours.contains(&imported.as_str())
                || (below < floor && *below != OBSERVERS && !observer_looks_in);
            if !allowed {
                problems.push(format!("{}:{line}: {room} imports {imported}", source.path.display()));
            }
        }
    }
    assert_clean("A room imports only rooms on lower floors, or the neighbours named:", problems);
}

#[test]
fn every_file_begins_with_an_essay() {
    let mut problems = Vec::new();
    for source in sources(&["src", "tests", "benches"]) {
        let essay: Vec<&str> = source.text.lines().take_while(|line| line.starts_with("//!")).collect();
        let words: usize = essay.iter().map(|line| line.split_whitespace().count() - 1).sum();
        let least = if source.path.starts_with("src") && source.path != Path::new("src/main.rs") { 8 } else { 3 };
        if words < least {
            problems.push(format!("{}: {words} words", source.path.display()));
        }
    }
    assert_clean("Every file begins with //! and what it is for:", problems);
}

#[test]
fn unsafe_stays_in_its_rooms() {
    let mut problems = Vec::new();
    for source in sources(&["src"]) {
        let below = source.below_src();
        let may = UNSAFE_ROOMS.iter().any(|room| below.starts_with(room))
            && !SAFE_AGAIN.iter().any(|room| below.starts_with(room));
        if may || below == ARGUMENT_ACCESS {
            continue;
        }
        for (offset, _) in source.bare.match_indices("unsafe") {
            let before = source.bare[..offset].chars().next_back();
            let after = source.bare[offset + 6..].chars().next();
            let whole = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
            if whole(before) && whole(after) {
                problems.push(format!("{}:{}", source.path.display(), source.line_of(offset)));
            }
        }
    }
    assert_clean("unsafe outside of the rooms that may use it:", problems);
}

#[test]
fn files_are_not_two_rooms() {
    let mut problems = Vec::new();
    for source in sources(&["src", "tests", "benches"]) {
        let bare = without_tests(&source.bare);
        let lines = bare.lines().filter(|line| !line.trim().is_empty()).count();
        if lines > MAX_CODE_LINES {
            problems.push(format!("{}: {lines} lines of code", source.path.display()));
        }
    }
    assert_clean("Files past 1,000 lines of code:", problems);
}

/// The names of our enums.
fn our_enums(sources: &[Source]) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = TABLE_ENUMS.iter().map(|name| name.to_string()).collect();
    for source in sources {
        for (offset, keyword) in source.bare.match_indices("enum ") {
            if source.bare[..offset].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            names.insert(first_word(&source.bare[offset + keyword.len()..]));
        }
    }
    names.remove("");
    names
}

/// Patterns of a match's arms, from the text between its braces.
fn arm_patterns(body: &str) -> Vec<(&str, usize)> {
    let bytes = body.as_bytes();
    let mut patterns = Vec::new();
    let mut at = 0;
    while at < body.len() {
        let mut depth = 0;
        let mut arrow = None;
        for i in at..body.len() {
            match bytes[i] {
                b'{' | b'(' | b'[' => depth += 1,
                b'}' | b')' | b']' => depth -= 1,
                b'=' if depth == 0 && bytes.get(i + 1) == Some(&b'>') => {
                    arrow = Some(i);
                    break;
                }
                _ => {}
            }
        }
        let Some(arrow) = arrow else { break };
        patterns.push((body[at..arrow].trim(), at));
        let mut end = arrow + 2;
        while end < body.len() && bytes[end].is_ascii_whitespace() {
            end += 1;
        }
        if bytes.get(end) == Some(&b'{') {
            end = matching_brace(body, end).map_or(body.len(), |close| close + 1);
            // A block may be the start of a longer expression only in odd code; then the next pattern is garbage, which
            // begins with none of our enums.
            let rest = body[end..].trim_start();
            at = if rest.starts_with(',') { body.len() - rest.len() + 1 } else { end };
        } else {
            let tail = split_at_depth_0(&body[end..], ',')[0];
            at = (end + tail.len() + 1).min(body.len());
        }
    }
    patterns
}

/// Whether a pattern names a variant of one of our enums first.
fn names_our_enum(pattern: &str, enums: &BTreeSet<String>) -> bool {
    let pattern = pattern.trim_start_matches(|c: char| c == '|' || c == '&' || c.is_whitespace());
    let Some((name, variant)) = pattern.split_once("::") else { return false };
    let name = name.trim();
    let is_variant = variant.starts_with(|c: char| c.is_uppercase());
    is_variant && (name == "Self" || enums.contains(name)) && variant.split(['(', '{', ' ', '|']).next().is_some()
}

#[test]
fn no_wildcard_arms_on_our_enums() {
    let sources = sources(&["src"]);
    let enums = our_enums(&sources);
    let mut problems = Vec::new();
    for source in &sources {
        let bare = without_tests(&source.bare);
        let mut enums = enums.clone();
        enums.retain(|name| !NAMESAKES.contains(&(source.room().as_str(), name)));
        for (offset, _) in bare.match_indices("match ") {
            if bare[..offset].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.') {
                continue;
            }
            let mut depth = 0;
            let open = bare[offset..].bytes().position(|byte| {
                depth += i32::from(matches!(byte, b'(' | b'[')) - i32::from(matches!(byte, b')' | b']'));
                byte == b'{' && depth == 0
            });
            let Some(open) = open.map(|open| offset + open) else { continue };
            let Some(close) = matching_brace(&bare, open) else { continue };
            let arms = arm_patterns(&bare[open + 1..close]);
            let ours = arms.iter().any(|(pattern, _)| names_our_enum(pattern, &enums));
            if let (true, Some((_, at))) = (ours, arms.iter().find(|(pattern, _)| *pattern == "_")) {
                problems.push(format!("{}:{}", source.path.display(), source.line_of(open + 1 + at)));
            }
        }
    }
    assert_clean("A wildcard arm would hide a variant that was forgotten:", problems);
}

/// Words that mean unfinished work; spelled in halves, because this file is searched too.
fn leftovers() -> Vec<String> {
    [("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("todo", "!("), ("unimplemented", "!("), ("#[ign", "ore"), ("dbg", "!(")]
        .iter()
        .map(|(a, b)| format!("{a}{b}"))
        .collect()
}

/// Places that exist on one machine only.
fn local_names() -> Vec<String> {
    [("/wo", "rk/"), ("/ro", "ot/"), ("/ho", "me/"), ("/Use", "rs/")].iter().map(|(a, b)| format!("{a}{b}")).collect()
}

/// Text files of the project: code, programs, documents.
fn texts() -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    for folder in ["src", "tests", "benches", "lang", "docs", ".ci"] {
        for extension in ["rs", "js", "md", "toml", "sh", "c", "hir"] {
            all.extend(files(folder, extension));
        }
    }
    for file in ["README.md", "Cargo.toml", ".ci/run"] {
        all.extend(root().join(file).exists().then(|| PathBuf::from(file)));
    }
    all.into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(root().join(&path)).expect("a text file");
            (path, text)
        })
        .collect()
}

fn lines_with(words: &[String]) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, text) in texts() {
        for (i, line) in text.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(word.as_str())) {
                problems.push(format!("{}:{}: {word}", path.display(), i + 1));
            }
        }
    }
    problems
}

#[test]
fn nothing_is_left_unfinished() {
    assert_clean("Leftovers:", lines_with(&leftovers()));
}

#[test]
fn no_names_of_one_machine() {
    assert_clean("Paths of one machine:", lines_with(&local_names()));
}

#[test]
fn only_machine_rooms_ask_for_the_machine() {
    let mut problems = Vec::new();
    for source in sources(&["src"]) {
        let below = source.below_src();
        if ARCH_ROOMS.iter().any(|room| below.starts_with(room)) {
            continue;
        }
        for (offset, _) in source.bare.match_indices("target_arch") {
            problems.push(format!("{}:{}", source.path.display(), source.line_of(offset)));
        }
    }
    assert_clean("target_arch outside of the rooms that make machine code:", problems);
}

/// The layout has one drawing; a new top-level folder or room needs a place in it.
#[test]
fn the_architecture_document_names_every_room() {
    let document = std::fs::read_to_string(root().join("docs/architecture.md")).expect("docs/architecture.md");
    let missing = ROOMS.iter().filter(|(room, _, _)| *room != "lib" && !document.contains(room));
    assert_clean(
        "Rooms that docs/architecture.md does not name:",
        missing.map(|(room, _, _)| room.to_string()).collect(),
    );
    let allowed = ["src", "lang", "tests", "benches", "docs", "fuzz"];
    let mut problems = Vec::new();
    for entry in std::fs::read_dir(root()).expect("the repository") {
        let entry = entry.expect("a readable entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let hidden_or_built = name.starts_with('.') || name.starts_with("target");
        if entry.path().is_dir() && !hidden_or_built && !allowed.contains(&name.as_str()) {
            problems.push(name);
        }
    }
    assert_clean("Top-level folders outside of the layout:", problems);
}

#[test]
fn the_text_reader_knows_rust() {
    let bare = without_comments_and_literals("a /* x /* y */ z */ b // c\n'd' \"e\\\"f\" r#\"g\"h\"# 'i: '\\n' j");
    assert_eq!(bare.split_whitespace().collect::<Vec<_>>(), ["a", "b", "'i:", "j"]);
    let tests = without_tests("fn a() {} #[cfg(test)] mod t { fn b() {} } fn c() {}");
    assert_eq!(tests.split_whitespace().collect::<Vec<_>>(), ["fn", "a()", "{}", "fn", "c()", "{}"]);
    let mut rooms: Vec<String> = imports("use crate::{a::b, c::{d, e}}; crate::f::g(); $crate::h; xcrate::i;")
        .into_iter()
        .map(|(r, _)| r)
        .collect();
    rooms.sort();
    assert_eq!(rooms, ["a", "c", "f"]);
}

#[test]
fn the_wildcard_rule_can_fail() {
    let enums = BTreeSet::from(["Tier".to_string()]);
    let caught = |body: &str| {
        let arms = arm_patterns(body);
        arms.iter().any(|(pattern, _)| names_our_enum(pattern, &enums))
            && arms.iter().any(|(pattern, _)| *pattern == "_")
    };
    assert!(caught("Tier::One => 1, _ => 2,"));
    assert!(caught("Tier::One | Tier::Two => { f(|x| { x }); } _ => {}"));
    assert!(caught("Tier::One { a, .. } => match b { Some(_) => 1, None => 2 }, _ => { 3 }"));
    assert!(!caught("Some(Tier::One) => 1, _ => 2"));
    assert!(!caught("Tier::One => 1, Tier::Two => match c { 'a' => 1, _ => 2 },"));
    assert!(!caught("Other::One => 1, _ => 2"));
}
