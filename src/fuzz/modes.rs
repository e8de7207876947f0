//! The ways to run a program that must not change what it prints.
//!
//! Every program runs in the interpreter, in baseline code, with the thresholds lowered until the optimizer has a part in
//! it, and in a few more modes drawn at random from all that the flags can say together.

use crate::rng::Rng;
use petrel::vocab::PolicyKind;

/// Flags of a run.
pub type Mode = Vec<String>;

fn mode(text: &str) -> Mode {
    text.split_whitespace().map(str::to_string).collect()
}

/// The mode that the optimizer works hardest in; also the first that a difference is looked for in when shrinking.
pub fn plain() -> Mode {
    mode("--compile-threshold-scaling=0.02 --sync")
}

/// The modes for one program, `extra` of them random. `small` says that it may be run with a collection per allocation.
pub fn draw(rng: &mut Rng, extra: usize, small: bool) -> Vec<Mode> {
    let mut modes = vec![mode("--tier-max=0"), plain()];
    let baseline = rng.between(1, 3);
    modes.push(mode(&format!("--tier-max={baseline} --stress=thresholds")));
    for _ in 0..extra {
        modes.push(random(rng, small));
    }
    modes
}

fn random(rng: &mut Rng, small: bool) -> Mode {
    let mut flags = Vec::new();
    let mut stress = Vec::new();
    flags.push(format!("--compile-threshold-scaling={}", rng.pick(&["0.003", "0.01", "0.02", "0.05", "0.2", "1"])));
    match rng.below(10) {
        0 | 1 => stress.push("exits=all".to_string()),
        2..4 => stress.push(format!("exits={}", rng.pick(&["1", "2", "3", "5", "7", "11", "13", "29", "50", "97"]))),
        _ => {}
    }
    if rng.chance(15) {
        stress.push("tiny-cache".to_string());
    }
    if rng.chance(10) {
        stress.push("thresholds".to_string());
    }
    if small && rng.chance(15) {
        stress.push("gc".to_string());
    }
    // In the background, little is compiled before a short program ends.
    match rng.below(10) {
        0..8 => flags.push("--sync".to_string()),
        8 => flags.push("--deterministic".to_string()),
        _ => {}
    }
    if rng.chance(50) {
        let policy = PolicyKind::ALL[rng.below(PolicyKind::ALL.len())];
        flags.push(format!("--policy={}", policy.name()));
    }
    if rng.chance(8) {
        flags.push("--osr=off".to_string());
    }
    if rng.chance(8) {
        flags.push("--inline=off".to_string());
    }
    if rng.chance(10) {
        flags.push(format!("--max-inline-level={}", rng.between(1, 3)));
    }
    if rng.chance(10) {
        flags.push(format!("--max-recursive-inline-level={}", rng.between(0, 4)));
    }
    if rng.chance(10) {
        flags.push("--code-cache-flushing=off".to_string());
    }
    if rng.chance(10) {
        flags.push(format!("--per-bytecode-trap-limit={}", rng.pick(&["0", "1", "20"])));
    }
    if rng.chance(10) {
        flags.push(format!("--max-recompiles={}", rng.pick(&["1", "3", "100"])));
    }
    if rng.chance(5) {
        flags.push("--nursery-size=65536".to_string());
    }
    if !stress.is_empty() {
        flags.push(format!("--stress={}", stress.join(",")));
    }
    flags
}
