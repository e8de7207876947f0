//! Guards between two side effects share a frame state: the first one's.
//!
//! An exit may go back further than the bytecode of its guard, to any point since which nothing has happened that the
//! program or the interpreter could tell: what is done again then comes out as before. So a guard takes the frame state of
//! the guard before it, if nothing between them writes, calls or stands where it stands for a reason; also across a branch,
//! into a block that has one predecessor.
//!
//! What this saves is what frame states keep alive. Temporaries between the guards are in none, so they need not be kept, nor
//! computed exactly (`truncation.rs`), and exits of equal frame states are one piece of code. An exit's reason and place
//! remain the guard's own.
//!
//! Source: TurboFan's checkpoints, of which there is one after each effect.

use crate::hir::analysis::Cfg;
use crate::hir::frame_state::{Entry, Frame};
use crate::hir::graph::Graph;
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;

/// Runs the pass.
pub fn run(graph: &mut Graph) {
    let cfg = Cfg::order_only(graph);
    let mut at_end: SecondaryMap<_, PackedOption<Frame>> = SecondaryMap::new();
    for &block in &cfg.rpo {
        let mut since = match &cfg.preds[block][..] {
            &[only] => at_end[only].expand(),
            _none_or_several => None,
        };
        for i in 0..graph.blocks[block].insts.len() {
            let v = graph.blocks[block].insts[i];
            let effects = graph.op(v).effects();
            if effects.call || !effects.writes.is_none() || effects.pinned && !effects.refines {
                since = None;
            } else if effects.exit.is_some() {
                let own = graph.insts[v].frame;
                since = since.or_else(|| own.expand().filter(|f| stays_valid(graph, *f)));
                graph.insts[v].frame = since.map_or(own, Into::into);
            }
        }
        at_end[block] = since.into();
    }
}

/// Whether the frame state can be gone back to later: words that a function of the runtime left behind do not last.
fn stays_valid(graph: &Graph, frame: Frame) -> bool {
    let mut next = Some(frame);
    while let Some(frame) = next {
        let state = &graph.frames[frame];
        if state.entries().any(|entry| matches!(entry, Entry::Scratch(_))) {
            return false;
        }
        next = state.caller.expand();
    }
    true
}
