//! Allocation sites: an array literal learns what becomes of its arrays.
//!
//! `[]` says nothing about what will be in it. So each array remembers the literal that made it, by a number beside its
//! length; when its elements kind widens, the literal is told, and the arrays that it makes from then on begin with that kind:
//! they need not be widened one by one, and the sites that use them see one shape. Holes are not learnt: they cost every
//! reader, and an array that gets some needs no copy.
//!
//! V8 does the same with allocation sites and mementos behind the arrays.

use super::shape::ElementsKind;

/// The sites by number; 0 is none.
#[derive(Default)]
pub struct ArraySites {
    kinds: Vec<ElementsKind>,
}

impl ArraySites {
    /// A new site, which has learnt nothing yet; 0 if there are too many.
    pub fn add(&mut self) -> u32 {
        let Some(number) = u32::try_from(self.kinds.len() + 1).ok() else { return 0 };
        self.kinds.push(ElementsKind::Int);
        number
    }

    /// The packed kind that arrays of a site begin with.
    pub fn kind(&self, site: u32) -> ElementsKind {
        self.index(site).map_or(ElementsKind::Int, |i| self.kinds[i])
    }

    /// Tells a site that one of its arrays was widened.
    pub fn widen(&mut self, site: u32, kind: ElementsKind) {
        if let Some(i) = self.index(site) {
            self.kinds[i] = self.kinds[i].join(kind.packed());
        }
    }

    fn index(&self, site: u32) -> Option<usize> {
        (site as usize).checked_sub(1)
    }
}
