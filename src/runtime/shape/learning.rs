//! How many slots a constructor's objects need, learnt from the first ones.
//!
//! The text of a constructor gives an estimate, which is too low where other functions add properties: a parent that is
//! called, a method that initializes. What the objects made so far have become stands in the tree of transitions below their
//! first shape. It is looked at when the second object is about to be made, and a few times more; if there was not enough
//! room, objects from then on begin with another shape that has it. V8 calls this slack tracking.

use super::ShapeTable;
use crate::vocab::ids::ShapeId;

/// Transitions that are followed at most.
const MAX_DEPTH: u32 = 64;

impl ShapeTable {
    /// Counts an object that `new` makes of a shape. Now and then the answer is how many slots its objects have come to use.
    pub fn count_construction(&mut self, id: ShapeId) -> Option<u32> {
        let shape = self.get_mut(id);
        if shape.constructions > 64 {
            return None;
        }
        shape.constructions += 1;
        matches!(shape.constructions, 2 | 4 | 16 | 64).then(|| self.slots_below(id, MAX_DEPTH))
    }

    /// The most slots that a shape or one that it became by additions uses.
    fn slots_below(&self, id: ShapeId, depth: u32) -> u32 {
        let shape = self.get(id);
        let further = shape.add_transitions.values().filter(|_| depth > 0);
        further.map(|next| self.slots_below(*next, depth - 1)).max().unwrap_or(0).max(shape.next_slot)
    }
}
