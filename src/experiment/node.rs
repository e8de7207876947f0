//! The deopts of a run on Node, from what V8 prints under `--trace-deopt-verbose`.
//!
//! ```text
//! [bailout (kind: deopt-eager, reason: not a Smi): begin. deoptimizing 0x... <JSFunction total (sfi = 0x...)>, ...]
//!             ;;; deoptimize at </path/broken.js:32:20> inlined at </path/broken.js:37:51>
//! [marking dependent code 0x... (0x... <SharedFunctionInfo total>) (opt id 2) for deoptimization, reason: code dependencies]
//! ```

use std::collections::BTreeMap;

/// Deopts of one place and reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeDeopt {
    /// File, or the function's name where V8 names no position.
    pub place: String,
    /// Line; 0 where V8 names no position.
    pub line: u32,
    /// Column.
    pub column: u32,
    /// `deopt-eager`, `deopt-lazy`, or `dependency` for code that was marked.
    pub kind: String,
    /// V8's words.
    pub reason: String,
}

/// Reads a trace: deopts by place, with their numbers.
pub fn deopts(trace: &str) -> BTreeMap<NodeDeopt, u64> {
    let mut found = BTreeMap::new();
    let mut pending: Option<NodeDeopt> = None;
    for line in trace.lines() {
        if let Some(deopt) = bailout(line).or_else(|| marking(line)) {
            add(&mut found, pending.replace(deopt));
        } else if let Some(rest) = line.trim_start().strip_prefix(";;; deoptimize at <")
            && let Some(deopt) = &mut pending
            && let Some((place, line, column)) = rest.split_once('>').and_then(|(position, _)| position_of(position))
        {
            (deopt.place, deopt.line, deopt.column) = (place, line, column);
            add(&mut found, pending.take());
        }
    }
    add(&mut found, pending);
    found
}

fn add(found: &mut BTreeMap<NodeDeopt, u64>, deopt: Option<NodeDeopt>) {
    if let Some(deopt) = deopt {
        *found.entry(deopt).or_default() += 1;
    }
}

/// The text between two marks.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let rest = &text[text.find(from)? + from.len()..];
    Some(&rest[..rest.find(to)?])
}

fn bailout(line: &str) -> Option<NodeDeopt> {
    let rest = line.strip_prefix("[bailout (kind: ")?;
    Some(NodeDeopt {
        place: between(rest, "<JSFunction ", " (sfi").or_else(|| between(rest, "<JSFunction ", ">"))?.to_string(),
        line: 0,
        column: 0,
        kind: rest.split(',').next()?.to_string(),
        reason: between(rest, "reason: ", "): begin")?.to_string(),
    })
}

fn marking(line: &str) -> Option<NodeDeopt> {
    let rest = line.strip_prefix("[marking dependent code ")?;
    Some(NodeDeopt {
        place: between(rest, "<SharedFunctionInfo ", ">").unwrap_or("code").to_string(),
        line: 0,
        column: 0,
        kind: "dependency".to_string(),
        reason: between(rest, "reason: ", "]")?.to_string(),
    })
}

/// `/path/file.js:32:20` taken apart.
fn position_of(text: &str) -> Option<(String, u32, u32)> {
    let (rest, column) = text.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    Some((file.to_string(), line.parse().ok()?, column.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bailouts_get_their_positions_and_are_counted() {
        let one = "[bailout (kind: deopt-eager, reason: not a Smi): begin. deoptimizing 0x17 <JSFunction total (sfi = 0x2)>, \
                   0x18 <Code TURBOFAN>, opt id 8, bytecode offset 0, deopt exit 5]\n\
                   \u{20}           ;;; deoptimize at </tmp/broken.js:32:20> inlined at </tmp/broken.js:37:51>\n";
        let marked = "[marking dependent code 0x1 <Code TURBOFAN> (0x2 <SharedFunctionInfo feed>) (opt id 2) for \
                      deoptimization, reason: code dependencies]\n";
        let found = deopts(&format!("{one}output\n{one}{marked}"));
        let rows: Vec<String> = found
            .iter()
            .map(|(d, n)| format!("{n} {}:{}:{} {} {}", d.place, d.line, d.column, d.kind, d.reason))
            .collect();
        assert_eq!(rows, ["2 /tmp/broken.js:32:20 deopt-eager not a Smi", "1 feed:0:0 dependency code dependencies"]);
    }

    #[test]
    fn other_output_is_passed_over() {
        assert!(deopts("total 5\n  ;;; deoptimize at <a.js:1:2>\n").is_empty());
    }
}
