//! How many slots a constructor's objects need, learnt from the first ones.
//!
//! The text of a constructor gives an estimate, which is too low where other functions add properties: a parent that is
//! called, a method that initializes. So the first objects get some slots more ([`SLACK`]). What they have become stands in
//! the tree of transitions below their first shape. When enough of them have been made, the shapes of that tree lose the
//! in-object slots that none of them uses, in place: the objects made before keep the room that they were given, later
//! ones are smaller, and all of them have the same shapes. V8 calls this slack tracking.
//!
//! Where even the slack was not enough, objects from then on begin with another shape that has room. That makes a second
//! generation of shapes, which every site that meets both has to tell apart, so it is tried early and seldom.

use super::{ShapeTable, Sharing};
use crate::runtime::runtime::inline_slots;
use crate::vocab::ids::ShapeId;

/// In-object slots beyond the estimate that the first objects of a constructor get.
pub const SLACK: u32 = 6;
/// Objects after which what is left of the slack is taken back.
const ENOUGH: u8 = 8;
/// Transitions that are followed at most in search of room that was missing.
const MAX_DEPTH: u32 = 64;
/// Shapes that are looked at at most; larger trees keep their slack.
const MAX_SHAPES: usize = 512;

impl ShapeTable {
    /// Counts an object that `new` makes of a shape. Now and then the answer is how many slots its objects have come to
    /// use, if they do not fit into the object.
    pub fn count_construction(&mut self, id: ShapeId) -> Option<u32> {
        let shape = self.get_mut(id);
        if shape.constructions > 64 {
            return None;
        }
        shape.constructions += 1;
        let count = shape.constructions;
        if !matches!(count, 2 | 4 | ENOUGH | 16 | 64) {
            return None;
        }
        let slots = self.slots_below(id, MAX_DEPTH);
        if slots > u32::from(self.get(id).inline_capacity) {
            return Some(slots);
        }
        if count == ENOUGH {
            self.take_slack_back(id);
        }
        None
    }

    /// The most slots that a shape or one that it became by additions uses.
    fn slots_below(&self, id: ShapeId, depth: u32) -> u32 {
        let shape = self.get(id);
        let further = shape.add_transitions.values().filter(|_| depth > 0);
        further.map(|next| self.slots_below(*next, depth - 1)).max().unwrap_or(0).max(shape.next_slot)
    }

    /// Lowers the in-object capacity of a shape and of all that its objects can reach without a new shape to what the
    /// largest of them uses. Whatever has been written into code or feedback stays true: places of slots in use do not
    /// change, and who allocates by the old capacity allocates too much. No object has slots outside before this, since
    /// none uses more than the capacity.
    fn take_slack_back(&mut self, id: ShapeId) {
        let old = self.get(id).inline_capacity;
        let Some(tree) = self.reachable(id) else { return };
        let used = tree.iter().map(|id| self.get(*id).next_slot).max().unwrap_or(0);
        let new = inline_slots(used);
        // One family: nothing in the tree came from elsewhere with another capacity.
        if new >= old || tree.iter().any(|id| self.get(*id).inline_capacity != old) {
            return;
        }
        for id in tree {
            let shape = self.get_mut(id);
            shape.inline_capacity = new;
            let key = |capacity| (shape.kind, shape.proto, shape.elements, capacity);
            let (before, after) = (key(old), key(new));
            if self.roots.get(&before) == Some(&id) {
                self.roots.remove(&before);
                self.roots.entry(after).or_insert(id);
            }
        }
        self.last_root = None;
    }

    /// A shape and those that transitions lead to, if they are few and all shared.
    fn reachable(&self, id: ShapeId) -> Option<Vec<ShapeId>> {
        let mut found = vec![id];
        let mut next = 0;
        while let Some(id) = found.get(next) {
            let shape = self.get_live(*id)?;
            if shape.sharing != Sharing::Shared {
                return None;
            }
            let further = shape.add_transitions.values().chain(shape.proto_transitions.values());
            let further = further.chain(shape.elements_transitions.iter().flatten());
            let new: Vec<ShapeId> = further.copied().filter(|id| !found.contains(id)).collect();
            found.extend(new);
            next += 1;
            if found.len() > MAX_SHAPES {
                return None;
            }
        }
        Some(found)
    }
}
