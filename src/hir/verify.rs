//! Checks what every pass may rely on and must keep. Runs after every pass in debug builds.
//!
//! 1. Every reachable block ends with a terminator and has no other.
//! 2. The entry has no parameters and nobody jumps to it.
//! 3. A value is defined once, and its definition dominates every use; so it does every use by a frame state, for the
//!    instruction that names the frame state.
//! 4. A jump passes as many arguments as its target has parameters, each of a type the parameter admits.
//! 5. An instruction that may leave has a frame state; a call's says where to go on after it. Others have none, but a
//!    jump may have one: the state at the loop it enters.
//! 6. A caller's frame state resumes after the call, and its activation is the one that the callee's was inlined into.
//! 7. An operand's type fits its use. Once representations are chosen, its representation is what the use wants.

use super::analysis::Cfg;
use super::field::{Block, Target, Val};
use super::frame_state::{Frame, Resume};
use super::graph::Graph;
use super::inst::Op;
use super::types::{Rep, Use};
use cranelift_entity::{EntitySet, SecondaryMap};

/// Checks the rules; the error names the rule and the instruction.
pub fn verify(graph: &Graph) -> Result<(), String> {
    let cfg = Cfg::new(graph);
    let mut verifier =
        Verifier { graph, cfg: &cfg, position: SecondaryMap::with_default(None), frames: EntitySet::new() };
    verifier.number()?;
    for &block in &cfg.rpo {
        verifier.block(block)?;
    }
    Ok(())
}

struct Verifier<'a> {
    graph: &'a Graph,
    cfg: &'a Cfg,
    /// Where a value is defined: block, and place in it.
    position: SecondaryMap<Val, Option<(Block, u32)>>,
    /// Frame states whose chain of callers has been checked.
    frames: EntitySet<Frame>,
}

impl Verifier<'_> {
    fn number(&mut self) -> Result<(), String> {
        for &block in &self.cfg.rpo {
            let data = &self.graph.blocks[block];
            let params = data.params.iter().map(|v| (*v, 0));
            let insts = data.insts.iter().enumerate().map(|(i, v)| (*v, i as u32 + 1));
            for (v, place) in params.chain(insts) {
                if self.position[v].replace((block, place)).is_some() {
                    return Err(format!("rule 3: {v} is defined twice"));
                }
            }
        }
        Ok(())
    }

    fn block(&mut self, block: Block) -> Result<(), String> {
        let data = &self.graph.blocks[block];
        if block == self.graph.entry() && (!data.params.is_empty() || !self.cfg.preds[block].is_empty()) {
            return Err(format!("rule 2: the entry {block} has parameters or predecessors"));
        }
        if data.params.iter().any(|v| !matches!(self.graph.op(*v), Op::Phi {})) {
            return Err(format!("rule 3: a parameter of {block} is no phi"));
        }
        for (i, &v) in data.insts.iter().enumerate() {
            let is_last = i + 1 == data.insts.len();
            if self.graph.op(v).effects().terminator != is_last {
                return Err(format!("rule 1: {} in {block} does or does not end it", self.show(v)));
            }
            self.inst(block, i as u32 + 1, v)?;
        }
        if data.insts.is_empty() {
            return Err(format!("rule 1: {block} is empty"));
        }
        Ok(())
    }

    fn inst(&mut self, block: Block, place: u32, v: Val) -> Result<(), String> {
        let inst = &self.graph.insts[v];
        let mut result = Ok(());
        inst.op.visit(|operand, usage| {
            if result.is_ok() {
                result = self.operand(block, place, v, operand, usage);
            }
        });
        result?;
        let mut result = Ok(());
        inst.op.visit_targets(|t| {
            if result.is_ok() {
                result = self.target(v, t);
            }
        });
        result?;
        self.frame_state(block, place, v)
    }

    fn operand(&self, block: Block, place: u32, v: Val, operand: Val, usage: Use) -> Result<(), String> {
        if !self.is_available(operand, block, place) {
            return Err(format!("rule 3: {operand} is not defined at {} in {block}", self.show(v)));
        }
        let data = &self.graph.insts[operand];
        if data.rep == Rep::Void || !data.ty.is(usage.bound()) {
            return Err(format!("rule 7: {operand} of type {} does not fit {}", data.ty, self.show(v)));
        }
        if self.graph.representations_chosen && usage.rep().is_some_and(|rep| rep != data.rep) {
            return Err(format!("rule 7: {operand} is held as {} at {}", data.rep.name(), self.show(v)));
        }
        Ok(())
    }

    fn target(&self, v: Val, target: &Target) -> Result<(), String> {
        let params = &self.graph.blocks[target.block].params;
        if params.len() != target.args.len() {
            return Err(format!("rule 4: {} passes the wrong number of arguments", self.show(v)));
        }
        for (&param, &arg) in params.iter().zip(&target.args) {
            let (param_data, arg_data) = (&self.graph.insts[param], &self.graph.insts[arg]);
            if !arg_data.ty.is(param_data.ty) {
                return Err(format!("rule 4: {arg}: {} does not fit {param}: {}", arg_data.ty, param_data.ty));
            }
            if self.graph.representations_chosen && arg_data.rep != param_data.rep {
                return Err(format!("rule 4: {arg} and {param} are held differently at {}", self.show(v)));
            }
        }
        Ok(())
    }

    fn frame_state(&mut self, block: Block, place: u32, v: Val) -> Result<(), String> {
        let inst = &self.graph.insts[v];
        let effects = inst.op.effects();
        let Some(frame) = inst.frame.expand() else {
            return if effects.needs_frame() {
                Err(format!("rule 5: {} needs a frame state", self.show(v)))
            } else {
                Ok(())
            };
        };
        if !effects.needs_frame() && !matches!(inst.op, Op::Jump { .. }) {
            return Err(format!("rule 5: {} has a frame state for nothing", self.show(v)));
        }
        if effects.call && !effects.terminator && self.graph.frames[frame].resume == Resume::Before {
            return Err(format!("rule 5: {} would happen twice", self.show(v)));
        }
        let mut missing = None;
        self.graph.visit_frame(frame, &mut |entry| {
            if !self.is_available(entry, block, place) {
                missing = Some(entry);
            }
        });
        if let Some(missing) = missing {
            return Err(format!("rule 3: {missing} of {frame} is not defined at {} in {block}", self.show(v)));
        }
        self.callers(frame)
    }

    fn callers(&mut self, mut frame: Frame) -> Result<(), String> {
        while self.frames.insert(frame) {
            let state = &self.graph.frames[frame];
            let inlined_into = self.graph.inlines[state.inline].caller.map(|(inline, _)| inline);
            let Some(caller) = state.caller.expand() else {
                return match inlined_into {
                    None => Ok(()),
                    Some(_) => Err(format!("rule 6: {frame} lacks its caller")),
                };
            };
            let caller_state = &self.graph.frames[caller];
            if caller_state.resume == Resume::Before || Some(caller_state.inline) != inlined_into {
                return Err(format!("rule 6: {caller} is no caller of {frame}"));
            }
            frame = caller;
        }
        Ok(())
    }

    fn is_available(&self, v: Val, block: Block, place: u32) -> bool {
        match self.position[v] {
            Some((home, at)) if home == block => at < place,
            Some((home, _)) => self.cfg.dominates(home, block),
            None => false,
        }
    }

    fn show(&self, v: Val) -> String {
        format!("{v} = {}", self.graph.op(v))
    }
}
