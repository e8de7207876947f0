//! Graphs of the optimizer for iongraph, the viewer of SpiderMonkey's compilers: version 1 of its JSON.
//!
//! A recording holds no graphs; `petrel dump --iongraph` makes them and gives them here as the text that `petrel dump
//! --hir` prints. iongraph lays out loops by attributes and wants each to be closed by a block of its own, so a branch
//! back to a loop's head gets one in between.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The graphs of one function: its name, and per phase a name and the graph's text.
pub struct Graphs<'a> {
    /// Name of the function.
    pub name: String,
    /// Phases.
    pub passes: Vec<(String, &'a str)>,
}

/// A block, as it is read from the text.
#[derive(Default)]
struct Block {
    instructions: Vec<Value>,
    successors: Vec<u32>,
    attributes: Vec<&'static str>,
}

/// All functions as one document.
pub fn document(functions: &[Graphs]) -> Value {
    let function = |graphs: &Graphs| {
        let pass = |(name, text): &(String, &str)| json!({ "name": name, "mir": { "blocks": blocks(text) }, "lir": { "blocks": [] } });
        json!({ "name": graphs.name, "passes": graphs.passes.iter().map(pass).collect::<Vec<_>>() })
    };
    json!({ "version": 1, "functions": functions.iter().map(function).collect::<Vec<_>>() })
}

/// Numbers after a prefix, such as the values `v3, v4` of an instruction.
fn numbered(text: &str, prefix: &str) -> Vec<u32> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c: char| !word(c)).filter_map(|part| part.strip_prefix(prefix)?.parse().ok()).collect()
}

fn blocks(text: &str) -> Vec<Value> {
    let mut found: BTreeMap<u32, Block> = BTreeMap::new();
    let mut order: Vec<u32> = Vec::new();
    let mut unnumbered = 1_000_000;
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("bb") {
            let digits: String = head.chars().take_while(char::is_ascii_digit).collect();
            let Ok(id) = digits.parse() else { continue };
            let block = found.entry(id).or_default();
            order.push(id);
            for parameter in head.split(['(', ')']).nth(1).into_iter().flat_map(|list| list.split(", ")) {
                let Some((value, ty)) = parameter.split_once(": ") else { continue };
                if let Some(value) = numbered(value, "v").first() {
                    block.instructions.push(instruction(*value, "phi", Vec::new(), ty));
                }
            }
        } else if let (Some(body), Some(current)) = (line.strip_prefix("  "), order.last()) {
            let block = found.entry(*current).or_default();
            // Of `v3 = op v1 : Type ! f0 @4`, the part that names inputs ends before the frame state.
            let (code, _) = body.split_once(" ! ").unwrap_or((body, ""));
            let (code, ty) = code.split_once(" : ").unwrap_or((code, "None"));
            let (id, code) = match code.split_once(" = ") {
                Some((value, code)) => (numbered(value, "v").first().copied(), code),
                None => (None, code),
            };
            let id = id.unwrap_or_else(|| {
                unnumbered += 1;
                unnumbered
            });
            if ["jump ", "branch "].iter().any(|op| code.starts_with(op)) || code.starts_with("switch") {
                block.successors.extend(numbered(code, "bb"));
            }
            let inputs = numbered(code, "v");
            block.instructions.push(instruction(id, code, inputs, ty.split(" @").next().unwrap_or(ty)));
        }
    }
    close_loops(&mut found, &mut order);
    let depths = loop_depths(&found);
    let predecessors = |id: u32| -> Vec<u32> {
        found.iter().filter(|(_, block)| block.successors.contains(&id)).map(|(from, _)| *from).collect()
    };
    let block = |id: &u32| {
        let block = &found[id];
        json!({
            "ptr": id + 1, "id": id, "loopDepth": depths[id], "attributes": block.attributes, "predecessors": predecessors(*id),
            "successors": block.successors, "instructions": block.instructions, "resumePoint": Value::Null,
        })
    };
    order.iter().map(block).collect()
}

/// Marks heads of loops, and puts a block of its own on the way back to each.
fn close_loops(found: &mut BTreeMap<u32, Block>, order: &mut Vec<u32>) {
    let position: BTreeMap<u32, usize> = order.iter().enumerate().map(|(index, id)| (*id, index)).collect();
    let mut closings: BTreeMap<u32, u32> = BTreeMap::new();
    for id in order.clone() {
        let back: Vec<u32> =
            found[&id].successors.iter().copied().filter(|to| position.get(to) <= position.get(&id)).collect();
        for head in back {
            let next = order.iter().max().map_or(0, |id| id + 1);
            let closing = *closings.entry(head).or_insert(next);
            let block = found.entry(id).or_default();
            block.successors.iter_mut().filter(|to| **to == head).for_each(|to| *to = closing);
            if closing == next {
                let jump = instruction(2_000_000 + next, &format!("jump bb{head}"), Vec::new(), "None");
                let (instructions, successors) = (vec![jump], vec![head]);
                found.insert(next, Block { instructions, successors, attributes: vec!["backedge"] });
                order.push(next);
                found.entry(head).or_default().attributes.push("loopheader");
            }
        }
    }
}

/// In how many loops each block is. A loop is its head and what leads to its way back without passing the head.
fn loop_depths(found: &BTreeMap<u32, Block>) -> BTreeMap<u32, usize> {
    let mut depths: BTreeMap<u32, usize> = found.keys().map(|id| (*id, 0)).collect();
    for (closing, block) in found.iter().filter(|(_, block)| block.attributes.contains(&"backedge")) {
        let mut members = BTreeSet::from_iter(block.successors.iter().copied());
        let mut work = vec![*closing];
        while let Some(id) = work.pop() {
            if members.insert(id) {
                work.extend(found.iter().filter(|(_, from)| from.successors.contains(&id)).map(|(from, _)| *from));
            }
        }
        members.iter().for_each(|id| *depths.entry(*id).or_default() += 1);
    }
    depths
}

fn instruction(id: u32, opcode: &str, inputs: Vec<u32>, ty: &str) -> Value {
    json!({
        "ptr": id + 1, "id": id, "opcode": opcode, "attributes": [], "inputs": inputs, "uses": [], "memInputs": [],
        "type": ty,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "function fn1 params 1\nf0 = before 2 of inline0\nbb0:\n  v1 = param 0 : Any/tagged\n  jump bb1(v1) ! f0 @2\n\
        bb1(v6: Top):\n  v8 = check_int32 v6 : Int32/int32 ! f0 @4 site1\n  branch v8, bb1(v8), bb2()\nbb2:\n  return v8\n";

    #[test]
    fn blocks_values_and_loops_are_read_from_the_text() {
        let graphs = Graphs { name: "f".into(), passes: vec![("optimized".into(), TEXT)] };
        let document = document(&[graphs]);
        let blocks = document["functions"][0]["passes"][0]["mir"]["blocks"].as_array().unwrap();
        assert_eq!(blocks.len(), 4);
        assert_eq!(blocks[1]["attributes"], json!(["loopheader"]));
        assert_eq!(blocks[1]["successors"], json!([3, 2]));
        assert_eq!(blocks[3]["attributes"], json!(["backedge"]));
        let depths: Vec<_> = blocks.iter().map(|block| block["loopDepth"].as_u64().unwrap()).collect();
        assert_eq!(depths, [0, 1, 0, 1]);
        let check = &blocks[1]["instructions"][1];
        assert_eq!((&check["id"], &check["inputs"], &check["type"]), (&json!(8), &json!([6]), &json!("Int32/int32")));
    }
}
