//! The command line from outside: exit codes, streams, messages. Nothing here needs a program to run.

use std::process::{Command, Output, Stdio};

fn petrel(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_petrel")).args(arguments).stdin(Stdio::null()).output().expect("petrel starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn wrong_usage_is_exit_code_two_and_goes_to_standard_error() {
    let lines: [&[&str]; 8] = [
        &[],
        &["run"],
        &["run", "--warp", "a.js"],
        &["run", "--tier-max", "9", "a.js"],
        &["storm", "run", "no-such-storm", "--dir", "src"],
        &["events"],
        &["events", "a.rec", "--as", "poem"],
        &["dump", "a.js"],
    ];
    for arguments in lines {
        let output = petrel(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(text(&output.stderr).contains("--help"), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn errors_say_what_would_be_right() {
    let message = |arguments: &[&str]| text(&petrel(arguments).stderr);
    assert!(message(&["run", "--heap-limit=lots", "a.js"]).contains("'lots' is not a size such as 512k, 64m or 1g"));
    assert!(message(&["run", "--polcy=naive", "a.js"]).contains("--policy"));
    assert!(message(&["-Xfast", "a.js"]).contains("there is -Xint"));
    assert!(message(&["events", "Cargo.toml"]).contains("this is not a Petrel recording"));
}

#[test]
fn help_and_version_succeed() {
    for arguments in [&["--help"][..], &["help", "run"], &["run", "--help"], &["storm", "run", "--help"]] {
        let output = petrel(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(text(&output.stdout).contains("Usage: petrel"), "{arguments:?}");
    }
    assert_eq!(text(&petrel(&["--version"]).stdout), format!("petrel {}\n", env!("CARGO_PKG_VERSION")));
    let help = text(&petrel(&["help", "run"]).stdout);
    for heading in ["Tiering:", "Thresholds:", "Inlining:", "Code cache:", "Memory:", "Output:"] {
        assert!(help.contains(heading), "{heading}");
    }
}

#[test]
fn a_closed_pipe_ends_the_command_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_petrel"))
        .args(["reference", "events"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("petrel starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("petrel ends");
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_recording_in_a_missing_folder_is_a_message() {
    let output = petrel(&["run", "--record=/no/such/folder/a.rec", "a.js"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("cannot write /no/such/folder/a.rec"), "{}", text(&output.stderr));
}

/// Runs with a text on standard input.
fn fed(arguments: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_petrel"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("petrel starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("petrel reads");
    child.wait_with_output().expect("petrel ends")
}

#[test]
fn programs_come_from_standard_input_and_from_the_command_line() {
    let output = fed(&["run", "-", "x"], "console.log(process.argv.slice(1), __filename)");
    assert_eq!(text(&output.stdout), "[ '-', 'x' ] [stdin]\n", "{}", text(&output.stderr));
    let output = petrel(&["-e", "console.log(process.argv.slice(1)); process.exitCode = 5", "a", "--b"]);
    assert_eq!(text(&output.stdout), "[ 'a', '--b' ]\n", "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(5));
    assert_eq!(text(&petrel(&["-p", "var a = [1, 2]; a.map(x => x * 2)"]).stdout), "[ 2, 4 ]\n");
    assert_eq!(text(&petrel(&["-p", "'text'"]).stdout), "text\n");
    assert_eq!(fed(&["run", "-"], "null.x").status.code(), Some(1));
}

#[test]
fn a_session_keeps_what_it_declares() {
    let input = "let a = 1\na + 1\nfunction f() {\n  return a * 10\n}\na = 4\nf()\nb = a + 1\nb\n'text'\n`a\nb`\n{ x: 1 }\nnull.y\n";
    let output = fed(&["repl"], input);
    let shown = text(&output.stdout);
    let wanted = "undefined\n2\nundefined\n4\n40\n5\n5\n'text'\n'a\\nb'\n{ x: 1 }\nUncaught TypeError: Cannot read properties of null";
    assert!(shown.starts_with(wanted), "{shown}\n{}", text(&output.stderr));
    assert_eq!(fed(&["repl"], "process.exit(7)\n").status.code(), Some(7));
}

#[test]
fn refusals_point_at_the_source_and_are_told_all_at_once() {
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("refusals.js");
    std::fs::write(&path, "'use strict';\n  eval('1');\nvar p = new Proxy({}, {});\n").expect("a scratch file");
    let output = petrel(&["check", path.to_str().expect("a path of letters")]);
    assert_eq!(output.status.code(), Some(3));
    let lines = text(&output.stderr);
    let lines: Vec<&str> = lines.lines().collect();
    assert!(lines[0].contains("refusals.js:2:3: refused: eval: "), "{lines:?}");
    assert_eq!(&lines[1..3], ["      eval('1');", "      ^"]);
    assert!(lines[3].contains("refusals.js:3:13: refused: a global that Petrel does not have (Proxy)"), "{lines:?}");
    assert_eq!(&lines[4..6], ["    var p = new Proxy({}, {});", "                ^"]);
}

#[test]
fn a_parameter_of_arguments_that_is_hidden_stops_the_program() {
    let program = "function f(x) { Object.defineProperty(arguments, 0, { enumerable: false }); return x; }\nf(1)";
    let output = petrel(&["-e", &format!("try {{ {program} }} catch (e) {{ console.log('caught') }}")]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(3), ""));
    assert!(
        text(&output.stderr).contains("refused: a parameter's element of arguments that is hidden or fixed: write")
    );
    assert_eq!(petrel(&["-e", &format!("'use strict'; {program}")]).status.code(), Some(0));
}

#[test]
fn objects_that_petrel_has_in_part_are_not_listed() {
    let listings = [
        "Object.keys(X)",
        "Object.values(X)",
        "Object.assign({}, X)",
        "({ ...X })",
        "for (var name in X);",
        "for (var name in Object.create(X));",
        "console.log(X)",
        "Object.getOwnPropertyNames(X)",
    ];
    for of in ["globalThis", "console", "process", "process.stdout", "performance"] {
        for listing in listings {
            let program = format!("try {{ {} }} catch {{}} console.log('went on')", listing.replace('X', of));
            let output = petrel(&["-e", &program]);
            assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(3), ""), "{program}");
            assert!(text(&output.stderr).contains("refused: listing the properties of a "), "{program}");
        }
    }
    let fine = "for (var name in Math); Object.keys(Array); console.log(Math.max, 'sin' in Math)";
    assert_eq!(text(&petrel(&["-e", fine]).stdout), "[Function: max] true\n");
}

#[test]
fn limits_end_a_program_cleanly() {
    let output = petrel(&["--timeout", "200ms", "-e", "for (;;);"]);
    assert_eq!(output.status.code(), Some(70));
    assert_eq!(text(&output.stderr), "petrel: time is up\n");
    let output = petrel(&["--max-heap", "16m", "-e", "var o = null; for (;;) o = { o };"]);
    assert_eq!(output.status.code(), Some(70));
    assert!(text(&output.stderr).contains("the heap limit of 16 MB"), "{}", text(&output.stderr));
    let deep = "function f(n) { try { return f(n + 1); } catch (e) { return n; } } console.log(f(0) < 20000)";
    for more in
        [&[][..], &["--stress", "thresholds,sync"], &["--int"], &["--tier-max", "3", "--stress", "thresholds,sync"]]
    {
        let flags = [&["--max-stack", "256k"], more, &["-e", deep]].concat();
        assert_eq!(text(&petrel(&flags).stdout), "true\n", "{more:?}");
    }
}
