//! The free ranges of one segment of the code cache.
//!
//! Ranges are kept by start offset, so that a freed range finds its neighbours and grows together with them.
//! Allocation is best fit: code comes in few sizes and lives long, and best fit keeps the large ranges large.

use std::collections::BTreeMap;
use std::ops::Range;

/// Free ranges of one segment: disjoint, never touching each other.
pub struct FreeList {
    /// Start to length.
    ranges: BTreeMap<usize, usize>,
    free_bytes: usize,
}

impl FreeList {
    /// A segment that is free as a whole.
    pub fn new(segment: Range<usize>) -> FreeList {
        let mut list = FreeList { ranges: BTreeMap::new(), free_bytes: 0 };
        if !segment.is_empty() {
            list.release(segment);
        }
        list
    }

    /// Takes `len` bytes from the smallest range that has them.
    pub fn allocate(&mut self, len: usize) -> Option<Range<usize>> {
        let (&start, &found) = self.ranges.iter().filter(|(_, l)| **l >= len).min_by_key(|(_, l)| **l)?;
        self.ranges.remove(&start);
        if found > len {
            self.ranges.insert(start + len, found - len);
        }
        self.free_bytes -= len;
        Some(start..start + len)
    }

    /// Gives a range back and joins it with free neighbours.
    ///
    /// # Panics
    /// If part of the range is free already.
    pub fn release(&mut self, range: Range<usize>) {
        let (mut start, mut end) = (range.start, range.end);
        self.free_bytes += range.len();
        if let Some((&before, &len)) = self.ranges.range(..range.end).next_back() {
            assert!(before + len <= range.start, "code memory freed twice");
            if before + len == range.start {
                self.ranges.remove(&before);
                start = before;
            }
        }
        if let Some(len) = self.ranges.remove(&range.end) {
            end += len;
        }
        self.ranges.insert(start, end - start);
    }

    /// Bytes that are free, in whatever pieces.
    pub fn free_bytes(&self) -> usize {
        self.free_bytes
    }

    /// How many pieces the free bytes are in.
    pub fn piece_count(&self) -> usize {
        self.ranges.len()
    }

    /// The longest piece: what the largest request that can be served is.
    pub fn largest(&self) -> usize {
        self.ranges.values().copied().max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freed_neighbours_grow_together_whatever_the_order() {
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut list = FreeList::new(1000..1300);
            let pieces: Vec<_> = (0..3).map(|_| list.allocate(100).unwrap()).collect();
            assert_eq!((list.free_bytes(), list.largest(), list.piece_count()), (0, 0, 0));
            for i in order {
                list.release(pieces[i].clone());
            }
            assert_eq!((list.free_bytes(), list.largest(), list.piece_count()), (300, 300, 1), "{order:?}");
        }
    }

    #[test]
    fn the_smallest_sufficient_piece_is_taken() {
        let mut list = FreeList::new(0..1000);
        let big = list.allocate(300).unwrap();
        let _wall = list.allocate(10).unwrap();
        let small = list.allocate(100).unwrap();
        let _wall = list.allocate(10).unwrap();
        list.release(big);
        list.release(small.clone());
        assert_eq!(list.allocate(90), Some(small.start..small.start + 90));
        assert_eq!(list.allocate(100), Some(0..100));
        assert_eq!(list.allocate(10_000), None);
    }

    #[test]
    #[should_panic(expected = "freed twice")]
    fn a_range_cannot_be_freed_twice() {
        let mut list = FreeList::new(0..1000);
        let range = list.allocate(100).unwrap();
        list.release(range.clone());
        list.release(range);
    }
}
