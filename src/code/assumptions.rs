//! What optimized code takes for granted, and which code falls when it turns out otherwise.
//!
//! An assumption (a [`Dependency`]: this binding is never assigned again, this prototype keeps its properties) costs
//! compiled code nothing: no guard is emitted. Instead whoever breaks it says so here, and gets back the blobs that
//! relied on it, to be invalidated.
//!
//! ```text
//!   compile requested:  epoch()                     main thread, with the frozen snapshot
//!   compile running:    code relies on facts        compile thread, never looks here
//!   install:            register(blob, facts, epoch): refused if one of them broke since then
//!   somebody writes:    invalidate(fact) -> blobs   main thread
//! ```
//!
//! The epoch is what makes background compilation safe: an assumption that broke while the compile was running broke
//! in a later epoch than the one the compile began in. V8 calls this compilation dependencies and dependent code,
//! HotSpot `nmethod` dependencies.

use crate::feedback::summary::Dependency;
use crate::vocab::{BlobId, InvalidationCause};
use rustc_hash::FxHashMap;

/// A moment between two breaks of assumptions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch(u64);

#[derive(Default)]
struct Entry {
    /// The epoch that began with the last break; 0 if it never broke.
    broken_at: Epoch,
    times_broken: u32,
    /// What broke it last.
    cause: Option<InvalidationCause>,
    dependents: Vec<BlobId>,
}

/// All assumptions that code has ever relied on or that were ever broken.
#[derive(Default)]
pub struct Assumptions {
    entries: FxHashMap<Dependency, Entry>,
    now: Epoch,
}

impl Assumptions {
    /// An empty registry.
    pub fn new() -> Assumptions {
        Assumptions::default()
    }

    /// The current epoch, for a compile that is about to begin.
    pub fn epoch(&self) -> Epoch {
        self.now
    }

    /// How often the assumption has been broken. One that breaks again and again is not worth making.
    pub fn times_broken(&self, dependency: Dependency) -> u32 {
        self.entries.get(&dependency).map_or(0, |entry| entry.times_broken)
    }

    /// What broke the assumption last; none if it never broke.
    pub fn cause_of(&self, dependency: Dependency) -> Option<InvalidationCause> {
        self.entries.get(&dependency)?.cause
    }

    /// Whether none of the assumptions broke since the compile began.
    ///
    /// # Errors
    /// The first one that did.
    pub fn validate(&self, dependencies: &[Dependency], since: Epoch) -> Result<(), Dependency> {
        let broken = |d: &&Dependency| self.entries.get(*d).is_some_and(|entry| entry.broken_at > since);
        dependencies.iter().find(broken).map_or(Ok(()), |d| Err(*d))
    }

    /// Notes that installed code relies on the assumptions, if they held all the time since its compile began.
    ///
    /// # Errors
    /// As [`Assumptions::validate`]; then nothing is registered, and the code must not be entered.
    pub fn register(&mut self, blob: BlobId, dependencies: &[Dependency], since: Epoch) -> Result<(), Dependency> {
        self.validate(dependencies, since)?;
        for dependency in dependencies {
            let entry = self.entries.entry(*dependency).or_default();
            if !entry.dependents.contains(&blob) {
                entry.dependents.push(blob);
            }
        }
        Ok(())
    }

    /// The assumption no longer holds. Returns the code that relied on it; each blob is returned once.
    pub fn invalidate(&mut self, dependency: Dependency, cause: InvalidationCause) -> Vec<BlobId> {
        self.now.0 += 1;
        let entry = self.entries.entry(dependency).or_default();
        entry.broken_at = self.now;
        entry.times_broken += 1;
        entry.cause = Some(cause);
        std::mem::take(&mut entry.dependents)
    }

    /// Forgets a blob. Not before it is freed: what was thrown away may still have activations, which rely on it.
    pub fn forget(&mut self, blob: BlobId) {
        for entry in self.entries.values_mut() {
            entry.dependents.retain(|b| *b != blob);
        }
    }

    /// How many assumptions some installed code relies on.
    pub fn relied_upon(&self) -> usize {
        self.entries.values().filter(|entry| !entry.dependents.is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BINDING: Dependency = Dependency::Binding(3);
    const PROTOTYPE: Dependency = Dependency::Prototype(0x1000);

    #[test]
    fn breaking_an_assumption_names_each_dependent_once() {
        let mut registry = Assumptions::new();
        let (a, b) = (BlobId::from_u32(1), BlobId::from_u32(2));
        let now = registry.epoch();
        registry.register(a, &[BINDING, PROTOTYPE, BINDING], now).unwrap();
        registry.register(b, &[BINDING], now).unwrap();
        assert_eq!(registry.relied_upon(), 2);
        assert_eq!(registry.invalidate(BINDING, InvalidationCause::BindingReassigned), [a, b]);
        assert_eq!(registry.invalidate(BINDING, InvalidationCause::BindingReassigned), []);
        assert_eq!(registry.invalidate(PROTOTYPE, InvalidationCause::MethodRedefined), [a]);
        assert_eq!(registry.times_broken(BINDING), 2);
    }

    #[test]
    fn an_assumption_that_broke_during_the_compile_refuses_the_code() {
        let mut registry = Assumptions::new();
        let before = registry.epoch();
        assert_eq!(registry.invalidate(BINDING, InvalidationCause::BindingReassigned), []);
        let after = registry.epoch();
        let blob = BlobId::from_u32(1);
        assert_eq!(registry.register(blob, &[PROTOTYPE, BINDING], before), Err(BINDING));
        assert_eq!(
            registry.invalidate(PROTOTYPE, InvalidationCause::MethodRedefined),
            [],
            "nothing of a refused blob may stay registered"
        );
        assert_eq!(registry.register(blob, &[BINDING], after), Ok(()), "broken before the compile began");
    }

    #[test]
    fn a_forgotten_blob_is_not_named() {
        let mut registry = Assumptions::new();
        let blob = BlobId::from_u32(9);
        registry.register(blob, &[BINDING, PROTOTYPE], registry.epoch()).unwrap();
        registry.forget(blob);
        assert_eq!(registry.invalidate(BINDING, InvalidationCause::BindingReassigned), []);
        assert_eq!(registry.relied_upon(), 0);
    }
}
