//! HIR file tests: text in, passes, text out.
//!
//! Each file of `tests/hir/` says what it shows, then `; run: PASS, PASS` (or `pipeline`), a graph, a line of dashes, and the
//! graph that must come out. `BLESS=1 cargo test --test hir` writes what comes out into the files: look at the diff.

use petrel::hir::passes::{self, PIPELINE, Pass};
use petrel::hir::{parse, verify};
use std::fs;
use std::path::{Path, PathBuf};

const SEPARATOR: &str = "\n----\n";

#[test]
fn hir_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hir");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).expect("tests/hir exists").map(|e| e.unwrap().path()).collect();
    files.sort();
    let failures: Vec<String> = files.iter().filter_map(|file| run_file(file).err()).collect();
    assert!(files.len() > 10, "the files are gone");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn run_file(file: &Path) -> Result<(), String> {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let text = fs::read_to_string(file).map_err(|e| format!("{name}: {e}"))?;
    let (input, expected) = text.split_once(SEPARATOR).unwrap_or((&text, ""));
    let mut graph = parse::parse(input).map_err(|e| format!("{name}: {e}"))?;
    verify::verify(&graph).map_err(|e| format!("{name}: the input is wrong: {e}"))?;
    for pass in passes_of(input).map_err(|e| format!("{name}: {e}"))? {
        passes::run(&mut graph, pass);
    }
    let output = graph.to_string();
    let again = parse::parse(&output).map_err(|e| format!("{name}: what is printed does not parse: {e}\n{output}"))?;
    assert_eq!(again.to_string(), output, "{name}: printing and parsing do not agree");
    if std::env::var_os("BLESS").is_some() {
        fs::write(file, format!("{}{SEPARATOR}{output}", input.trim_end())).map_err(|e| e.to_string())?;
    } else if output.trim() != expected.trim() {
        return Err(format!("{name}: expected\n{expected}\nbut got\n{output}"));
    }
    Ok(())
}

fn passes_of(input: &str) -> Result<Vec<Pass>, String> {
    let line = input.lines().find_map(|l| l.strip_prefix("; run:")).ok_or("there is no '; run:' line")?;
    let mut found = vec![];
    for name in line.split(',').map(str::trim) {
        match passes::ALL.iter().find(|p| p.name == name) {
            Some(pass) => found.push(*pass),
            None if name == "pipeline" => found.extend(PIPELINE),
            None if name == "nothing" => {}
            None => return Err(format!("there is no pass '{name}'")),
        }
    }
    Ok(found)
}

#[test]
fn bad_text_is_an_error_with_a_line() {
    for (text, error) in [
        ("", "there is no function"),
        ("function fn0 params 0\nbb0:\n  v0 = fly v1", "line 3: there is no instruction 'fly'"),
        ("function fn0 params 0\nbb0:\n  v0 = int32.add v1", "line 3: expected ','"),
        ("function fn0 params 0\n  return v0", "line 2: an instruction before the first block"),
        ("function fn0 params 0\nbb0:\n  v0 = const blue", "line 3: 'blue' is no constant"),
    ] {
        let result = parse::parse(text).err().unwrap_or_default();
        assert!(result.starts_with(error), "{text:?} gives {result:?}");
    }
}

#[test]
fn the_verifier_objects() {
    let cases = [
        ("bb0:\n  v0 = param 0", "rule 1"),
        ("bb0(v0: Any):\n  return v0", "rule 2"),
        ("bb0:\n  return v0", "rule 3"),
        ("bb0:\n  v0 = param 0\n  jump bb1()\nbb1(v1: Any):\n  return v1", "rule 4"),
        ("bb0:\n  v0 = param 0\n  jump bb1(v0)\nbb1(v1: Int32):\n  return v1", "rule 4"),
        ("bb0:\n  v0 = param 0\n  v1 = check_int32 v0\n  return v1", "rule 5"),
        (
            "f0 = before 0 of inline0 callee v0 this v0\nbb0:\n  v0 = callee\n  v1 = call v0, v0, () ! f0\n  return v1",
            "rule 5",
        ),
        ("bb0:\n  v0 = param 0\n  v1 = int32.add v0, v0\n  return v1", "rule 7"),
        ("bb0:\n  v0 = const 1 : Int32/int32\n  return v0", "rule 7"),
    ];
    for (text, rule) in cases {
        let graph = parse::parse(&format!("function fn0 params 1\n{text}")).unwrap();
        let error = verify::verify(&graph).err().unwrap_or_default();
        assert!(error.starts_with(rule), "{text}\ngives {error:?}, not {rule}");
    }
}
