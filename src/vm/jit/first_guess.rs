//! What the policy that never learns (`tiering/policy/naive.rs`) goes on believing.
//!
//! A guess belongs to a function's way in (its start, or one of its loops): code for a loop that runs early knows nothing of
//! what comes after it. A function that was inlined before it ever had code of its own has been guessed about, too; what it
//! was thought to do there is its guess until it has one of its own. Otherwise it would depend on the speed of the compile
//! threads whether a function is first compiled before a surprise or after it, and with that whether the loop has an end.

use crate::code::assumptions::{Assumptions, Epoch};
use crate::feedback::summary::{CompileInput, Dependency};
use crate::runtime::value::Value;
use crate::vocab::FunctionId;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What a compile was given.
#[derive(Clone)]
pub(super) struct Guess {
    /// Its input.
    pub(super) input: Arc<CompileInput>,
    /// When that was taken.
    pub(super) since: Epoch,
    /// What the code relies on that was made from it: once that has changed, the guess is no more.
    pub(super) relies_on: Arc<[Dependency]>,
}

/// See the module header.
#[derive(Default)]
pub(super) struct FirstGuesses {
    own: FxHashMap<(FunctionId, Option<u32>), Guess>,
    inlined: FxHashMap<FunctionId, Guess>,
}

impl FirstGuesses {
    /// The guess for a function entered at its start or at a loop, if the facts that it names still hold.
    pub(super) fn get(
        &mut self,
        function: FunctionId,
        osr_offset: Option<u32>,
        assumptions: &Assumptions,
    ) -> Option<Guess> {
        let entry = (function, osr_offset);
        if !self.own.contains_key(&entry) {
            let guess = self.inlined.get(&function)?;
            let input = Arc::new(guess.input.rooted_at(function));
            self.own.insert(entry, Guess { input, ..guess.clone() });
        }
        let guess = self.own.get(&entry)?;
        if assumptions.validate(&guess.relies_on, guess.since).is_err() {
            self.own.remove(&entry);
            self.inlined.remove(&function);
            return None;
        }
        Some(guess.clone())
    }

    /// The function is about to be compiled with this input.
    pub(super) fn requested(
        &mut self,
        function: FunctionId,
        osr_offset: Option<u32>,
        input: &Arc<CompileInput>,
        since: Epoch,
    ) {
        self.own.insert((function, osr_offset), Guess { input: input.clone(), since, relies_on: Arc::from([]) });
    }

    /// It was compiled: what the code relies on, and what is inlined into it.
    pub(super) fn compiled(
        &mut self,
        entry: (FunctionId, Option<u32>),
        relies_on: &[Dependency],
        inlined: impl Iterator<Item = FunctionId>,
    ) {
        let Some(guess) = self.own.get_mut(&entry) else { return };
        guess.relies_on = relies_on.into();
        let guess = guess.clone();
        for function in inlined.filter(|f| guess.input.view(*f).is_some()) {
            self.inlined.entry(function).or_insert_with(|| guess.clone());
        }
    }

    /// Visits the heap cells that guesses name.
    pub(super) fn visit_roots(&self, visit: &mut impl FnMut(Value)) {
        self.own.values().chain(self.inlined.values()).for_each(|guess| guess.input.visit_roots(visit));
    }
}
