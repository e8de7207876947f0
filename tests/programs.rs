//! Running programs as a user does: exit codes, where messages go, refusals and syntax errors with positions, and
//! input that no program should have to survive.
//!
//! | exit code | meaning |
//! |---|---|
//! | 0 | the program ran (or help was asked for) |
//! | 1 | an uncaught exception, printed as Node prints it |
//! | 2 | wrong usage: unknown flag, missing file |
//! | 3 | refused before running: outside the subset, or a syntax error |
//! | 70 | a limit is exhausted: memory, time |
//!
//! Programs outside the subset stand in `lang/refusals/` (`// refuse: LINE[:COL] WORDS`), malformed ones in
//! `lang/syntax/` (`// syntax: LINE`). Node runs or rejects them in its own way; here they must not start.

mod support;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use support::{Outcome, assert_none, files, header, in_parallel, petrel, root, run, run_petrel, scratch, wait};

fn petrel_with(arguments: &[&str]) -> Outcome {
    run(petrel().args(arguments))
}

/// No panic message, no signal, no time limit.
fn assert_orderly(outcome: &Outcome, what: &str) {
    assert!(!outcome.timed_out, "{what}: did not end");
    assert!(outcome.code.is_some(), "{what}: ended by a signal\n{}", outcome.stderr);
    assert_ne!(outcome.code, Some(101), "{what}: panicked\n{}", outcome.stderr);
    assert!(!outcome.stderr.contains("panicked at"), "{what}: panicked\n{}", outcome.stderr);
}

#[test]
fn help_and_version_go_to_standard_output() {
    for flag in ["--help", "--version", "-h"] {
        let outcome = petrel_with(&[flag]);
        assert_eq!(outcome.code, Some(0), "{flag}: {}", outcome.stderr);
        assert!(outcome.stdout.to_lowercase().contains("petrel"), "{flag}: {}", outcome.stdout);
        assert_eq!(outcome.stderr, "", "{flag}");
    }
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_wrong() {
    let program = "lang/examples/climb.js";
    let cases: &[(&[&str], &str)] = &[
        (&[], "usage"),
        (&["run"], "file"),
        (&["flyaway"], "flyaway"),
        (&["run", "--no-such-flag", program], "no-such-flag"),
        (&["run", "--tier-max=9", program], "tier"),
        (&["run", "--tier-max=high", program], "tier"),
        (&["run", "--policy=hopeful", program], "hopeful"),
        (&["run", "--stress=sunshine", program], "sunshine"),
        (&["run", "--heap-limit=tiny", program], "heap-limit"),
        (&["run", "--code-cache-size=1k", program], "code-cache-size"),
        (&["run", "--sample-rate=0", program], "sample-rate"),
        (&["run", "lang/no-such-file.js"], "no-such-file.js"),
        (&["run", "lang"], "lang"),
        (&["storm", "run", "no-such-storm"], "no-such-storm"),
    ];
    for (arguments, word) in cases {
        let outcome = petrel_with(arguments);
        assert_orderly(&outcome, &arguments.join(" "));
        assert_eq!(outcome.code, Some(2), "petrel {}\n{}", arguments.join(" "), outcome.stderr);
        assert!(
            outcome.stderr.to_lowercase().contains(word),
            "petrel {} does not speak of {word}:\n{}",
            arguments.join(" "),
            outcome.stderr
        );
        assert_eq!(outcome.stdout, "", "petrel {}", arguments.join(" "));
    }
}

#[test]
fn arguments_after_the_program_are_the_programs() {
    let program = scratch("arguments.js", "'use strict';\nconsole.log(process.argv.slice(2).join('|'));\n");
    let outcome = run(petrel().arg("run").arg(&program).args(["one", "--tier-max", "two words", "--", "-x"]));
    assert_eq!(outcome.stdout, "one|--tier-max|two words|--|-x\n", "{}", outcome.stderr);
    assert_eq!(outcome.code, Some(0));
}

#[test]
fn programs_outside_the_subset_are_refused_before_they_run() {
    let programs = files("lang/refusals", "js");
    assert!(programs.len() >= 15, "only {} refusals were found", programs.len());
    let complaints = in_parallel(&programs, |path| refusal_complaint(path));
    assert_none(complaints, programs.len());
}

/// What is wrong with the way a program of `lang/refusals` is refused.
fn refusal_complaint(path: &Path) -> Option<String> {
    let source = std::fs::read_to_string(root().join(path)).expect("a readable program");
    let wanted = header(&source, "refuse").pop().unwrap_or_else(|| panic!("{}: no header", path.display()));
    let (place, feature) = wanted.split_once(' ').expect("a place and a feature");
    let outcome = run_petrel(&[], path);
    let told = |what: String| Some(format!("petrel run {}: {what}\n{}", path.display(), outcome.stderr));
    if outcome.code != Some(3) {
        return told(format!("exit code {:?} instead of 3", outcome.code));
    }
    if !outcome.stdout.is_empty() {
        return told(format!("it ran, and printed {:?}", outcome.stdout));
    }
    let first = outcome.stderr.lines().next().unwrap_or_default();
    let Some((position, message)) = first.split_once(": refused: ") else {
        return told("the first line is not FILE:LINE:COL: refused: FEATURE: what to write instead".to_string());
    };
    let start = format!("{}:{place}", path.display());
    let exact = place.contains(':');
    if !(position == start || (!exact && position.starts_with(&format!("{start}:")))) {
        return told(format!("the position is {position}, not {start}"));
    }
    let Some((named, advice)) = message.split_once(": ") else {
        return told("there is no advice after the feature".to_string());
    };
    if !named.to_lowercase().contains(&feature.to_lowercase()) {
        return told(format!("the feature is called {named:?}, which does not contain {feature:?}"));
    }
    if advice.trim().len() < 8 {
        return told(format!("the advice {advice:?} helps nobody"));
    }
    None
}

#[test]
fn syntax_errors_end_with_3_and_name_the_line() {
    let programs = files("lang/syntax", "js");
    assert!(programs.len() >= 15, "only {} malformed programs were found", programs.len());
    let complaints = in_parallel(&programs, |path: &PathBuf| {
        let source = std::fs::read_to_string(root().join(path)).expect("a readable program");
        let line = header(&source, "syntax").pop().unwrap_or_else(|| panic!("{}: no header", path.display()));
        let outcome = run_petrel(&[], path);
        let place = format!("{}:{line}", path.display());
        let right = outcome.code == Some(3)
            && outcome.stdout.is_empty()
            && outcome.stderr.contains("SyntaxError: ")
            && outcome.stderr.contains(&place);
        (!right).then(|| {
            format!(
                "petrel run {}: exit code {:?}, wanted 3 and {place}\n{}",
                path.display(),
                outcome.code,
                outcome.stderr
            )
        })
    });
    assert_none(complaints, programs.len());
}

#[test]
fn an_uncaught_exception_shows_place_source_line_and_stack() {
    let program =
        scratch("uncaught.js", "'use strict';\nfunction inner() { throw new TypeError('no good'); }\ninner();\n");
    let outcome = run_petrel(&[], &program);
    assert_eq!(outcome.code, Some(1));
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    assert_eq!(lines[0], format!("{}:2", program.display()), "{}", outcome.stderr);
    assert_eq!(lines[1], "function inner() { throw new TypeError('no good'); }");
    assert_eq!(lines[2].trim(), "^");
    assert!(lines.contains(&"TypeError: no good"), "{}", outcome.stderr);
    let frame = format!("    at inner ({}:2:26)", program.display());
    assert!(lines.contains(&frame.as_str()), "no line {frame:?}:\n{}", outcome.stderr);
}

#[test]
fn bytes_that_are_not_text_are_replaced_as_on_node() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("not-text.js");
    std::fs::write(&path, b"'use strict';\nconsole.log('\xff\xfe\x00');\n").expect("a scratch file");
    let outcome = run_petrel(&[], &path);
    assert_orderly(&outcome, "invalid UTF-8");
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert_eq!(outcome.stdout, "\u{fffd}\u{fffd}\0\n");
}

#[test]
fn odd_but_legal_files_run() {
    for (name, source, printed) in [
        ("empty.js", "", ""),
        ("only-comment.js", "// nothing", ""),
        ("bom.js", "\u{feff}'use strict';\nconsole.log('bom');\n", "bom\n"),
        ("hashbang.js", "#!/usr/bin/env node\n'use strict';\nconsole.log('hashbang');\n", "hashbang\n"),
        ("crlf.js", "'use strict';\r\nconsole.log('crlf');\r\n", "crlf\n"),
        ("no-newline.js", "'use strict'; console.log('end')", "end\n"),
    ] {
        let outcome = run_petrel(&[], &scratch(name, source));
        assert_eq!(outcome.stdout, printed, "{name}: {}", outcome.stderr);
        assert_eq!(outcome.code, Some(0), "{name}");
    }
}

#[test]
fn deeply_nested_input_is_turned_away() {
    let deep = 100_000;
    let nested = |open: &str, middle: &str, close: &str| {
        format!("'use strict';\nconst x = {}{middle}{};\n", open.repeat(deep), close.repeat(deep))
    };
    for (name, source) in [
        ("brackets.js", nested("[", "", "]")),
        ("parentheses.js", nested("(", "1", ")")),
        ("objects.js", nested("{a:", "1", "}")),
        ("minus.js", nested("- ", "1", "")),
        ("ternary.js", nested("1 ? ", "2", " : 3")),
        ("arrows.js", nested("() => ", "1", "")),
        ("blocks.js", format!("'use strict';\n{}{}\n", "{".repeat(deep), "}".repeat(deep))),
        ("unclosed.js", format!("'use strict';\n{}", "[".repeat(deep))),
        ("else-if.js", format!("'use strict';\n{}{{}}", "if (0) {} else ".repeat(deep))),
    ] {
        let outcome = run_petrel(&[], &scratch(name, &source));
        assert_orderly(&outcome, name);
        assert_eq!(outcome.code, Some(3), "{name}: {}", outcome.stderr.chars().take(300).collect::<String>());
    }
}

#[test]
fn long_flat_input_is_not_deep() {
    let sum = format!("'use strict';\nlet x = 0;\nx = {}0;\nconsole.log(x);\n", "1 + ".repeat(2_000));
    let statements = format!("'use strict';\nlet x = 0;\n{}console.log(x);\n", "x = x + 1;\n".repeat(20_000));
    let array = format!("'use strict';\nconsole.log([{}].length);\n", "7,".repeat(50_000));
    for (name, source, printed) in
        [("sum.js", sum, "2000\n"), ("statements.js", statements, "20000\n"), ("array.js", array, "50000\n")]
    {
        let outcome = run_petrel(&[], &scratch(name, &source));
        assert_orderly(&outcome, name);
        assert_eq!(outcome.stdout, printed, "{name}: {}", outcome.stderr.chars().take(300).collect::<String>());
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let source = "'use strict';\nfor (let i = 0; ; i++) console.log('line ' + i);\n";
    let program = scratch("endless.js", source);
    let mut child = petrel()
        .arg("run")
        .arg(&program)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the engine starts");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
    assert_eq!(first, "line 0\n");
    let (code, timed_out) = wait(&mut child, Duration::from_secs(60));
    assert!(!timed_out, "the program went on writing to nobody");
    assert_ne!(code, Some(101));
    let mut stderr = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().expect("a pipe"), &mut stderr).expect("text");
    assert!(!stderr.contains("panicked"), "{stderr}");
}

#[test]
fn exhausted_memory_is_a_clean_end() {
    let source = "'use strict';\nconst all = [];\nfor (;;) all.push({ a: 1, b: [2, 3], c: 'x' + all.length });\n";
    let outcome = run_petrel(&["--heap-limit=32m"], &scratch("memory.js", source));
    assert_orderly(&outcome, "heap limit");
    assert_eq!(outcome.code, Some(70), "{}", outcome.stderr);
    assert!(outcome.stderr.to_lowercase().contains("memory"), "{}", outcome.stderr);
    let big = "'use strict';\ntry { let s = 'x'; for (;;) s = s + s; } catch (e) { console.log(e.name, e.message); }\n";
    let outcome = run_petrel(&["--heap-limit=32m"], &scratch("big-string.js", big));
    assert_orderly(&outcome, "string length");
    assert_eq!(outcome.stdout, "RangeError Invalid string length\n", "{}", outcome.stderr);
}

#[test]
fn traces_go_to_standard_error_and_name_the_function() {
    let program = Path::new("lang/examples/deopt-loop.js");
    let recorded = std::fs::read_to_string(root().join("lang/examples/deopt-loop.out")).expect("a recording");
    let flags = ["--trace-opt", "--trace-deopt", "--trace-osr", "--print-compilation", "--stats", "--sync"];
    let outcome = run_petrel(&flags, program);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert_eq!(outcome.stdout, recorded, "traces must not mix with the program's output");
    assert!(outcome.stderr.lines().any(|line| line.contains("charge")), "{}", outcome.stderr);
    let deopts = run_petrel(&["--trace-deopt", "--sync"], program);
    let line =
        deopts.stderr.lines().find(|line| line.contains("charge")).unwrap_or_else(|| panic!("{}", deopts.stderr));
    assert!(line.contains("deopt-loop.js:11:"), "a deopt line names file, line and column: {line}");
}
