//! What Cranelift spends its time on, for `petrel dump --passes`.
//!
//! Cranelift tells a profiler of the thread where each of its passes begins; a pass ends where the token that it was given
//! is dropped. Passes nest; a stage's time is that of its passes without what they contain.

use cranelift_codegen::timing::{self, DefaultProfiler, Pass, Profiler};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

/// The stages that are told apart, in the order in which they run.
pub const STAGES: [&str; 4] = ["isel", "regalloc", "emit", "cranelift"];

/// The stage that a pass of Cranelift belongs to; the last one is for analyses and what is between passes.
fn stage(pass: Pass) -> usize {
    match pass {
        Pass::vcode_lower => 0,
        Pass::regalloc => 1,
        Pass::vcode_emit | Pass::vcode_emit_finish => 2,
        _analyses => 3,
    }
}

#[derive(Default)]
struct Ledger {
    /// Time by stage.
    ns: [u64; STAGES.len()],
    /// For each pass that is running, outermost first: the time of the passes in it.
    running: Vec<u64>,
}

struct StageProfiler(Rc<RefCell<Ledger>>);

struct Token {
    ledger: Rc<RefCell<Ledger>>,
    pass: Pass,
    start: Instant,
}

impl Profiler for StageProfiler {
    fn start_pass(&self, pass: Pass) -> Box<dyn Any> {
        self.0.borrow_mut().running.push(0);
        Box::new(Token { ledger: self.0.clone(), pass, start: Instant::now() })
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        let ns = self.start.elapsed().as_nanos() as u64;
        let ledger = &mut *self.ledger.borrow_mut();
        let inner = ledger.running.pop().unwrap_or_default();
        ledger.ns[stage(self.pass)] += ns.saturating_sub(inner);
        if let Some(outer) = ledger.running.last_mut() {
            *outer += ns;
        }
    }
}

/// Runs a compile on this thread. Also says how long each stage took.
pub fn timed<T>(compile: impl FnOnce() -> T) -> (T, [u64; STAGES.len()]) {
    let ledger = Rc::new(RefCell::new(Ledger::default()));
    timing::set_thread_profiler(Box::new(StageProfiler(ledger.clone())));
    let result = compile();
    timing::set_thread_profiler(Box::new(DefaultProfiler));
    let ns = ledger.borrow().ns;
    (result, ns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn passes_in_passes_are_counted_once() {
        let nap = || std::thread::sleep(Duration::from_millis(5));
        let ((), ns) = timed(|| {
            let _compile = timing::compile();
            nap();
            {
                let _regalloc = timing::regalloc();
                nap();
            }
            let _emit = timing::vcode_emit();
            nap();
        });
        let least = 5_000_000;
        assert!(ns[1] >= least && ns[2] >= least && ns[3] >= least, "{ns:?}");
        assert_eq!(ns[0], 0);
        assert!(ns.iter().sum::<u64>() < 10 * least, "{ns:?}");
    }
}
