//! An assumption fell: the code that relied on it is invalidated, and its activations leave when they get the chance.

use super::Vm;
use super::witness::WITNESSED_FRAMES;
use crate::events::Event;
use crate::feedback::summary::Dependency;
use crate::runtime::object::Obj;
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::Key;
use crate::tiering::state::Place;
use crate::tiering::storm::Storm;
use crate::vocab::{BlobId, DeoptReason, FunctionId, InvalidationCause, NotEntrantCause};
use std::time::Instant;

/// A module binding that counted as constant is assigned.
pub(crate) fn binding_assigned(rt: &mut Runtime, binding: u32) {
    // SAFETY: hooks are called with the runtime of a VM.
    let vm = unsafe { super::vm_of(rt) };
    vm.fell(Dependency::Binding(binding), InvalidationCause::BindingReassigned, |vm| vm.binding_name(binding));
}

/// Something about a watched object changed.
pub(crate) fn prototype_changed(rt: &mut Runtime, o: Obj, key: Option<Key>) {
    // SAFETY: as above.
    let vm = unsafe { super::vm_of(rt) };
    let was_method = key.is_some();
    let cause = if was_method { InvalidationCause::MethodRedefined } else { InvalidationCause::PrototypeChanged };
    let dependency = match key {
        Some(key) => Dependency::Property(o.value().0, key.0.0),
        None => Dependency::Prototype(o.value().0),
    };
    vm.fell(dependency, cause, |vm| match key {
        Some(key) => vm.rt().key_text(crate::runtime::shape::PropertyKey::Name(key)),
        None => "prototype".into(),
    });
}

impl Vm {
    fn fell(&mut self, dependency: Dependency, cause: InvalidationCause, name: impl FnOnce(&mut Vm) -> String) {
        let started = Instant::now();
        let Some(engine) = self.jit.engine.as_mut() else { return };
        let relied = engine.assumptions.invalidate(dependency, cause);
        let in_use = |blob: &BlobId| engine.cache.get(*blob).is_some_and(|b| b.is_entrant());
        let (mut blobs, dropped): (Vec<BlobId>, Vec<BlobId>) = relied.into_iter().partition(in_use);
        for blob in &blobs {
            self.invalidate_blob(*blob, cause);
        }
        blobs.extend(dropped.into_iter().filter(|blob| self.leave_dropped(*blob, cause)));
        if blobs.is_empty() {
            return;
        }
        if self.jit.recorder.is_on() {
            let key = name(self);
            let mut callers = self.stack_sites(WITNESSED_FRAMES);
            let site = if callers.is_empty() { None } else { Some(callers.remove(0)) };
            let ns = if self.config.deterministic { 0 } else { started.elapsed().as_nanos() as u64 };
            self.emit(|| Event::AssumptionInvalidated { cause, key, site, callers, blobs, ns });
        }
    }

    /// Makes the activations leave of code that was out of use already. Whether there were any.
    fn leave_dropped(&mut self, blob: BlobId, cause: InvalidationCause) -> bool {
        let Some(engine) = self.jit.engine.as_mut() else { return false };
        if let Some(notes) = engine.blobs.get_mut(&blob) {
            notes.invalidated = Some(cause);
        }
        engine.native.invalidate(&mut engine.cache, blob) > 0
    }

    /// Invalidates one blob: not entrant, pending calls hijacked, the policy told.
    pub(super) fn invalidate_blob(&mut self, blob: BlobId, cause: InvalidationCause) {
        let engine = self.jit.engine.as_mut().expect("code needs the engine");
        let Some(notes) = engine.blobs.get_mut(&blob) else { return };
        notes.invalidated = Some(cause);
        let function = notes.function;
        let activations = engine.native.invalidate(&mut engine.cache, blob) as u32;
        engine.assumptions.forget(blob);
        self.announce_not_entrant(blob, NotEntrantCause::Invalidated, activations);
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &mut *self.info(function) };
        self.jit.state(info).discarded(blob);
        self.learn_invalidation(function, cause);
    }

    /// Tells the policy that a function's code lost an assumption, in use or before it could be installed, and does what
    /// it answers.
    pub(super) fn learn_invalidation(&mut self, function: FunctionId, cause: InvalidationCause) {
        // SAFETY: infos live as long as the runtime.
        let info = unsafe { &mut *self.info(function) };
        self.jit.state(info);
        let policy = self.jit.policy;
        let state = self.jit.states[function].as_mut().expect("just made");
        let lesson = state.invalidated(cause, policy, &self.config);
        for dropped in lesson.dropped {
            self.drop_blob(dropped, NotEntrantCause::Invalidated);
        }
        self.refresh_entries(function);
        self.restart_counters(function);
        let place = Place { function, offset: 0 };
        self.watch_for_storms(function, place, cause.into(), true);
    }

    /// Shows the storm detector that code was left or lost, and tells what it makes of it, even if nobody records.
    pub(super) fn watch_for_storms(&mut self, function: FunctionId, place: Place, reason: DeoptReason, lost: bool) {
        let now = self.now_ns();
        let Some(storm) = self.jit.storms.observe(function, place, reason, lost, now) else { return };
        let Storm { deopts, recompiles, window_ns, place, reason, .. } = storm;
        let site = self.site(place.function, place.offset);
        for function in [function, place.function] {
            self.introduce(function);
        }
        self.alarm(Event::StormDetected { function, site, reason, deopts, recompiles, window_ns });
    }

    fn binding_name(&mut self, binding: u32) -> String {
        let modules = &self.machine.rt.modules;
        let found = modules.iter().find_map(|m| {
            let at = m.cells.iter().position(|c| c.binding == binding)?;
            m.names.get(at).cloned()
        });
        found.unwrap_or_default()
    }
}
