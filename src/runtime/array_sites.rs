//! Allocation sites: an array literal learns what becomes of its arrays.
//!
//! `[]` says nothing about what will be in it. So each array remembers the literal that made it, by a number beside its
//! length; when its elements kind widens, the literal is told, and the arrays that it makes from then on begin with that kind:
//! they need not be widened one by one, and the sites that use them see one shape. Holes are not learnt: they cost every
//! reader, and an array that gets some needs no copy.
//!
//! The literal also learns how large its arrays become. Now and then one of them is a *scout*: it grows from nothing as if
//! nothing were known, and the literal counts the size classes that scouts reach. The others, when they get their first
//! element, get the room that three of four scouts needed, so they are not copied on the way there.
//!
//! V8 learns kinds with allocation sites and mementos behind the arrays, but no sizes.

use super::shape::ElementsKind;

/// Size classes by powers of two.
const CLASSES: usize = 30;
/// One of so many arrays is a scout.
const SCOUTS_ARE: u8 = 8;
/// So many scouts make a conclusion; the first is drawn from fewer.
const ENOUGH: u8 = 8;
const ENOUGH_AT_FIRST: u8 = 3;
/// What growth by itself begins with; less is not worth a conclusion.
const LEAST: u32 = 3;

/// The sites by number; 0 is none.
#[derive(Default)]
pub struct ArraySites {
    sites: Vec<ArraySite>,
}

/// What a literal has learnt.
struct ArraySite {
    /// The packed kind of its arrays.
    kind: ElementsKind,
    /// Room that its arrays begin with, once they have elements; 0 if that is not known.
    room: u32,
    /// Arrays since the last scout.
    turn: u8,
    /// Scouts since the last conclusion.
    scouts: u8,
    /// Arrays since the last conclusion that were none.
    others: u8,
    /// How often an array grew into a class since the last conclusion.
    reached: [u8; CLASSES],
}

impl ArraySites {
    /// A new site, which has learnt nothing yet; 0 if there are too many.
    pub fn add(&mut self) -> u32 {
        let Some(number) = u32::try_from(self.sites.len() + 1).ok() else { return 0 };
        self.sites.push(ArraySite {
            kind: ElementsKind::Int,
            room: 0,
            turn: 0,
            scouts: 0,
            others: 0,
            reached: [0; CLASSES],
        });
        number
    }

    /// The packed kind that arrays of a site begin with.
    pub fn kind(&self, site: u32) -> ElementsKind {
        self.index(site).map_or(ElementsKind::Int, |i| self.sites[i].kind)
    }

    /// Tells a site that one of its arrays was widened.
    pub fn widen(&mut self, site: u32, kind: ElementsKind) {
        if let Some(i) = self.index(site) {
            self.sites[i].kind = self.sites[i].kind.join(kind.packed());
        }
    }

    /// An array of a site gets its first element: the room that it should be given, if that is known and it is no scout.
    pub fn first_room(&mut self, site: u32) -> Option<u32> {
        let i = self.index(site)?;
        self.sites[i].first_room()
    }

    /// Tells a site that one of its arrays has grown, other than to the room that the site knew.
    pub fn grown(&mut self, site: u32, capacity: u32) {
        if let Some(i) = self.index(site) {
            let count = &mut self.sites[i].reached[class_of(capacity)];
            *count = count.saturating_add(1);
        }
    }

    fn index(&self, site: u32) -> Option<usize> {
        (site as usize).checked_sub(1)
    }
}

impl ArraySite {
    fn first_room(&mut self) -> Option<u32> {
        let enough = if self.room == 0 { ENOUGH_AT_FIRST } else { ENOUGH };
        if self.scouts >= enough {
            self.conclude();
        }
        self.turn += 1;
        if self.room == 0 || self.turn >= SCOUTS_ARE {
            self.turn = 0;
            self.scouts += 1;
            return None;
        }
        self.others = self.others.saturating_add(1);
        Some(self.room).filter(|room| *room > LEAST)
    }

    /// The largest class that three of four arrays grew into. Up to the room of before only scouts did.
    fn conclude(&mut self) {
        let grew = |class: usize| {
            let of = if size_of_class(class) <= self.room { self.scouts.into() } else { self.arrays() };
            u32::from(self.reached[class]) * 4 >= of * 3
        };
        let class = (0..CLASSES).rev().find(|class| grew(*class)).unwrap_or(0);
        self.room = size_of_class(class).max(LEAST);
        (self.scouts, self.others, self.reached) = (0, 0, [0; CLASSES]);
    }

    fn arrays(&self) -> u32 {
        u32::from(self.scouts) + u32::from(self.others)
    }
}

fn class_of(capacity: u32) -> usize {
    ((capacity + 1).ilog2() as usize).min(CLASSES - 1)
}

/// The least capacity of a class, which is odd as all are.
fn size_of_class(class: usize) -> u32 {
    (1 << class) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An array that grows as `elements::grow` would have it until there is room for `count`.
    fn array(sites: &mut ArraySites, site: u32, count: u32) -> Option<u32> {
        let first = sites.first_room(site);
        let mut capacity = first.unwrap_or(3);
        if first.is_none() {
            sites.grown(site, capacity);
        }
        while capacity < count {
            capacity = 2 * capacity + 1;
            sites.grown(site, capacity);
        }
        first
    }

    #[test]
    fn room_follows_what_most_arrays_need() {
        let mut sites = ArraySites::default();
        let site = sites.add();
        let rooms = |sites: &mut ArraySites, count: u32, arrays: usize| -> Vec<Option<u32>> {
            (0..arrays).map(|_| array(sites, site, count)).collect()
        };
        assert_eq!(rooms(&mut sites, 100, 3), [None; 3]);
        assert_eq!(rooms(&mut sites, 100, 7), [Some(127); 7]);
        assert_eq!(rooms(&mut sites, 100, 1), [None], "a scout");
        // Larger arrays are noticed although they begin with room, smaller ones by the scouts.
        rooms(&mut sites, 1000, 200);
        assert_eq!(rooms(&mut sites, 1000, 9).into_iter().flatten().max(), Some(1023));
        rooms(&mut sites, 5, 200);
        assert_eq!(rooms(&mut sites, 5, 9).into_iter().flatten().max(), Some(7));
        rooms(&mut sites, 1, 200);
        assert_eq!(rooms(&mut sites, 1, 9), [None; 9], "growth begins with three by itself");
    }

    #[test]
    fn a_few_large_arrays_among_small_ones_teach_nothing() {
        let mut sites = ArraySites::default();
        let site = sites.add();
        let rooms: Vec<_> = (0..400).map(|i| array(&mut sites, site, if i % 3 == 0 { 5000 } else { 6 })).collect();
        assert!(rooms.iter().flatten().all(|room| *room == 7), "{rooms:?}");
    }

    #[test]
    fn no_site_learns_nothing() {
        let mut sites = ArraySites::default();
        sites.grown(0, 1000);
        assert_eq!(sites.first_room(0), None);
        assert_eq!(sites.kind(0), ElementsKind::Int);
    }
}
