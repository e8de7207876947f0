//! Makes a program that shows a fault smaller, as long as it still shows it.
//!
//! Delta debugging on the tree: drop runs of list elements, long ones first; put what is inside a statement or expression
//! in its place; try the smallest expressions. Over and over, until nothing helps or the time is up.

use crate::tree::{Node, Sort};
use std::time::{Duration, Instant};

/// The smallest program found that `shows` still accepts.
pub fn shrink(program: Node, time: Duration, mut shows: impl FnMut(&Node) -> bool) -> Node {
    let end = Instant::now() + time;
    let mut best = program;
    loop {
        let before = best.size();
        drop_elements(&mut best, end, &mut shows);
        replace(&mut best, end, &mut shows);
        if best.size() == before || Instant::now() > end {
            return best;
        }
    }
}

/// Takes the candidate if it shows the fault.
fn take(best: &mut Node, candidate: Node, shows: &mut impl FnMut(&Node) -> bool) -> bool {
    let taken = shows(&candidate);
    if taken {
        *best = candidate;
    }
    taken
}

fn drop_elements(best: &mut Node, end: Instant, shows: &mut impl FnMut(&Node) -> bool) {
    let mut visited = 0;
    loop {
        let lists: Vec<Vec<usize>> = best.paths().into_iter().filter(|path| best.at(path).is_list()).collect();
        let Some(path) = lists.get(visited) else { return };
        visited += 1;
        let mut length = best.at(path).children.len();
        while length > 0 {
            let mut start = 0;
            while start < best.at(path).children.len() {
                if Instant::now() > end {
                    return;
                }
                let mut candidate = best.clone();
                let children = &mut candidate.at_mut(path).children;
                let stop = (start + length).min(children.len());
                children.drain(start..stop);
                if !take(best, candidate, shows) {
                    start += length;
                }
            }
            length /= 2;
        }
    }
}

/// Descendants of the same sort, at most `depth` levels down.
fn inner(node: &Node, sort: Sort, depth: usize) -> Vec<Node> {
    let mut found = Vec::new();
    for child in &node.children {
        if child.sort == sort {
            found.push(child.clone());
        } else if sort == Sort::Stmt && child.sort == Sort::Stmts {
            found.push(Node::stmt("@", vec![child.clone()]));
        }
        if depth > 0 {
            found.extend(inner(child, sort, depth - 1));
        }
    }
    found.sort_by_key(Node::size);
    found
}

fn replacements(node: &Node) -> Vec<Node> {
    match node.sort {
        Sort::Expr => {
            let atoms = ["0", "1", "undefined", "''", "true", "{}", "[]"];
            let smaller = atoms.iter().map(|atom| match *atom {
                "{}" => Node::expr("({})", vec![]),
                other => Node::expr(other, vec![]),
            });
            let small = node.children.is_empty() && node.text.len() < 3;
            let mut all: Vec<Node> = if small { Vec::new() } else { inner(node, Sort::Expr, 2) };
            if !(small || node.children.is_empty() && atoms.contains(&node.text.as_str())) {
                all.extend(smaller);
            }
            all
        }
        Sort::Stmt => inner(node, Sort::Stmt, 3),
        Sort::Stmts | Sort::List | Sort::Piece => Vec::new(),
    }
}

fn replace(best: &mut Node, end: Instant, shows: &mut impl FnMut(&Node) -> bool) {
    let mut visited = 0;
    loop {
        let paths = best.paths();
        let Some(path) = paths.get(visited) else { return };
        visited += 1;
        for replacement in replacements(best.at(path)) {
            if Instant::now() > end {
                return;
            }
            let old = best.at(path);
            let shorter = replacement.size() < old.size()
                || replacement.size() == old.size() && replacement.text.len() < old.text.len();
            if !shorter {
                continue;
            }
            let mut candidate = best.clone();
            *candidate.at_mut(path) = replacement;
            if take(best, candidate, shows) {
                break;
            }
        }
    }
}
