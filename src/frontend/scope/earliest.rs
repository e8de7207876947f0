//! When an inner function can be called for the first time.

use super::{Analysis, FnId};
use oxc_semantic::SymbolId;
use rustc_hash::FxHashMap;

/// A use of a named variable.
pub(super) struct Use {
    pub(super) symbol: SymbolId,
    pub(super) function: FnId,
    pub(super) position: u32,
}

/// For each function, the earliest text position in the function around it at which it can be called.
///
/// A function expression, arrow or method cannot be called before it is created. A hoisted declaration cannot be called
/// before it is mentioned: directly, or in a sibling that can itself be called. That is a reachability question over
/// siblings; visiting them by ascending position gives each its least value at once.
pub(super) struct Earliest {
    at: Vec<u32>,
}

const NEVER: u32 = u32::MAX - 1;

impl Earliest {
    pub(super) fn new(a: &Analysis, uses: &[Use]) -> Earliest {
        let declared: FxHashMap<SymbolId, usize> =
            a.functions.iter().enumerate().filter_map(|(i, f)| f.declaration.map(|s| (s, i))).collect();
        let mut at: Vec<u32> =
            a.functions.iter().map(|f| if f.declaration.is_some() { NEVER } else { f.start }).collect();
        // Where one symbol has several declarations, the last one counts for mentions and the others are never certain.
        for (i, f) in a.functions.iter().enumerate() {
            if let Some(symbol) = f.declaration
                && declared[&symbol] != i
            {
                at[i] = 0;
            }
        }
        let mut mentioned_in: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for u in uses {
            let Some(&target) = declared.get(&u.symbol) else { continue };
            let Some(home) = a.functions[target].parent else { continue };
            match Self::child_of(a, u.function, home) {
                _ if u.function == home => at[target] = at[target].min(u.position),
                Some(sibling) => mentioned_in.entry(sibling.0 as usize).or_default().push(target),
                None => at[target] = 0,
            }
        }
        let mut order: Vec<usize> = (0..at.len()).collect();
        order.sort_by_key(|i| at[*i]);
        for start in order {
            let mut work = vec![start];
            while let Some(i) = work.pop() {
                for &target in mentioned_in.get(&i).map_or(&[][..], |v| v) {
                    if at[target] > at[start] {
                        at[target] = at[start];
                        work.push(target);
                    }
                }
            }
        }
        Earliest { at }
    }

    /// The function directly inside `home` that contains `function`.
    fn child_of(a: &Analysis, function: FnId, home: FnId) -> Option<FnId> {
        let mut child = function;
        loop {
            let parent = a.function(child).parent?;
            if parent == home {
                return Some(child);
            }
            child = parent;
        }
    }

    /// Earliest time, as a text position in `home`, at which a use in `function` can happen.
    pub(super) fn of_use(&self, a: &Analysis, function: FnId, position: u32, home: FnId) -> u32 {
        if function == home {
            return position;
        }
        Self::child_of(a, function, home).map_or(0, |child| self.at[child.0 as usize])
    }
}
