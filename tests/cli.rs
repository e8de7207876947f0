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
