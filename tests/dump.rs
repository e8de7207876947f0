//! `petrel dump` of what the optimizing compiler does: machine code with what it was made of, and the passes.

mod support;

use serde_json::Value as Json;
use std::path::PathBuf;
use support::{petrel, run};

/// A function that is optimized, and one that is inlined into it.
const PROGRAM: &str = "\
function level(reading) {
  return reading.value * 3 + 1;
}
function sweep(readings) {
  let sum = 0;
  for (let i = 0; i < readings.length; i++) sum += level(readings[i]);
  return sum;
}
const readings = [];
for (let i = 0; i < 100; i++) readings.push({ value: i });
let total = 0;
for (let n = 0; n < 5000; n++) total += sweep(readings);
console.log(total);
";

fn dump(name: &str, flags: &[&str]) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("dump");
    std::fs::create_dir_all(&folder).expect("a folder for programs");
    let program = folder.join(format!("{name}.js"));
    std::fs::write(&program, PROGRAM).expect("a program");
    let outcome = run(petrel().arg("dump").args(flags).arg("--deterministic").arg(&program));
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    outcome.stdout
}

/// The whole chain of a line of source: the line, the graph's instruction, the machine's.
#[test]
fn machine_code_is_told_with_source_and_graph() {
    let text = dump("asm", &["--asm", "--function", "sweep"]);
    assert!(text.contains("==== sweep"), "{text}");
    let inlined = "; asm.js:2:18, inlined at asm.js:6:52 | return reading.value * 3 + 1;";
    let block = text.split("; asm.js").find(|block| block.contains("load_slot")).unwrap_or_else(|| panic!("{text}"));
    assert!(text.contains(inlined) && block.contains("inlined at asm.js:6:"), "{text}");
    let load = if cfg!(target_arch = "x86_64") { "mov " } else { "ldr " };
    let after = block.lines().skip_while(|line| !line.contains("load_slot")).nth(1).unwrap_or_default();
    assert!(after.contains(load), "the load's instruction, not '{after}'\n{text}");
    assert!(text.contains("; entry\n     0: ") && text.contains(" ret"), "{text}");
    let offsets: Vec<u32> = text
        .lines()
        .filter_map(|line| line.trim_start().split_once(": "))
        .filter_map(|(offset, _)| u32::from_str_radix(offset, 16).ok())
        .collect();
    assert!(offsets.len() > 40, "{text}");
}

#[test]
fn passes_are_told_with_sizes_and_times() {
    let text = dump("passes", &["--passes", "--function", "sweep"]);
    for part in ["==== sweep", "insts in", "build", "representation", "codegen", "  regalloc", "total"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

/// What a reader of iongraph's JSON asserts of a graph with loops; the program's own output must not be in between.
#[test]
fn graphs_for_iongraph_are_json_with_loops_as_it_wants_them() {
    let document: Json = serde_json::from_str(&dump("iongraph", &["--iongraph"])).expect("nothing but JSON");
    let functions = document["functions"].as_array().expect("functions");
    let of = |value: &Json| -> Vec<u64> { value.as_array().expect("a list").iter().filter_map(Json::as_u64).collect() };
    let is = |block: &Json, what: &str| block["attributes"].as_array().is_some_and(|all| all.iter().any(|a| a == what));
    let mut loops = 0;
    for pass in functions.iter().flat_map(|f| f["passes"].as_array().expect("passes")) {
        let blocks = pass["mir"]["blocks"].as_array().expect("blocks");
        let block = |id: u64| blocks.iter().find(|block| block["id"] == id).expect("a block that is named");
        for head in blocks.iter().filter(|block| is(block, "loopheader")) {
            let ways_back = of(&head["predecessors"]).into_iter().filter(|id| is(block(*id), "backedge")).count();
            assert_eq!(ways_back, 1, "{head}");
            assert!(head["loopDepth"].as_u64() >= Some(1), "{head}");
            loops += 1;
        }
    }
    assert!(loops >= 2, "{document}");
}

/// Escape analysis and what the graph was before, between and after, with the program's name before or after the flags.
#[test]
fn graphs_after_one_pass_or_each() {
    // Where the heap lies differs from run to run.
    let lines =
        |text: &str| text.lines().filter(|l| !l.contains("cell 0x")).map(|l| format!("{l}\n")).collect::<String>();
    let last = lines(&dump("last", &["--hir", "--function", "sweep"]));
    let each = lines(&dump("each", &["--hir=each", "--function", "sweep"]));
    assert!(each.contains("==== sweep after build\n") && each.contains("==== sweep after gvn (2 of 3)\n"), "{each}");
    let graph = last.rsplit("====").next().and_then(|text| text.split_once('\n')).map_or("", |(_, graph)| graph.trim());
    assert!(graph.contains("return"), "{last}");
    assert!(each.trim_end().ends_with(graph), "{each}\nends with\n{graph}");
    let built = dump("built", &["--hir=build", "--function", "sweep"]);
    assert!(built.starts_with("==== sweep") && !built.contains("after typing"), "{built}");
    let escape = dump("escape", &["--hir=escape"]);
    assert_eq!(escape.matches("after escape\n").count(), escape.matches("====").count(), "{escape}");
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("dump/last.js");
    let behind = run(petrel().arg("dump").arg(&program).args(["--hir", "--function", "sweep", "--deterministic"]));
    assert_eq!(lines(&behind.stdout), last);
}

#[test]
fn passes_as_json_add_up() {
    let text = dump("json", &["--passes", "--json"]);
    let lines: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).expect("nothing but JSON")).collect();
    let (total, compiles) = lines.split_last().expect("a line for all");
    assert_eq!(total["compiles"], compiles.len());
    let number = |value: &Json| value.as_u64().unwrap_or_else(|| panic!("no number in {text}"));
    assert_eq!(compiles.iter().map(|c| number(&c["ns"])).sum::<u64>(), number(&total["ns"]));
    for compile in compiles {
        let rows = compile["passes"].as_array().expect("rows");
        let (stages, passes): (Vec<&Json>, Vec<&Json>) = rows.iter().partition(|row| row["stage"] == true);
        assert_eq!(passes.iter().map(|p| number(&p["ns"])).sum::<u64>(), number(&compile["ns"]));
        for pair in passes.windows(2) {
            assert_eq!(pair[0]["insts_out"], pair[1]["insts_in"], "{} to {}", pair[0]["name"], pair[1]["name"]);
        }
        assert!(stages.iter().any(|stage| stage["name"] == "regalloc"), "{compile}");
    }
    let error = run(petrel().args(["dump", "--hir", "--json", "a.js"]));
    assert_eq!(error.code, Some(2), "{}", error.stderr);
}
