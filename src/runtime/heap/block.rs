//! Blocks: the reservation that small cells live in, and what is known about each 32 KB of it.
//!
//! A block holds cells of one size. Its knowledge (mark bits, bump runs, cell size) lies outside of it in side tables,
//! so that blocks do not all compete for the same cache sets and the first cell of a block is like any other.
//!
//! The mark bits are *sticky*: they stay set after a collection and then mean "old". Only a full collection clears
//! them. A cell exists if its bit is set, or if it lies in a *bump run*: a stretch of cells handed out since the last
//! collection, recorded when the allocator leaves it. There is no other start bitmap.
//!
//! ```text
//! reserve  [ block 0: never used ][ block 1 ][ block 2 ] … used … committed … reserved
//! metas    [ ...                 ][ marks, runs, state ]
//! ```
//!
//! Block 0 is never handed out: the reservation's address itself stands in many stack slots, and as a conservative
//! root it would keep a cell alive for ever (in a spike it kept a list of 915 MB).

use super::class::{BLOCK_BYTES, BLOCK_GRANULES, GRANULE};
use super::os;
use std::io;

/// "No run" in [`BlockMeta::run_head`] and [`Run::next`].
pub(super) const NO_RUN: u32 = u32::MAX;
/// How much address space is made accessible at a time.
const COMMIT_BLOCKS: usize = (4 << 20) / BLOCK_BYTES;

/// Alignment of the reservation: of a block and of the largest pages that systems use.
const ALIGNMENT: usize = 64 << 10;

/// What is known about a block.
#[repr(C)]
pub(super) struct BlockMeta {
    /// One bit per granule, set on the first granule of a marked cell.
    pub marks: [u64; BLOCK_GRANULES / 64],
    /// Most recent bump run in this block, if `touched`.
    pub run_head: u32,
    /// Set bits in `marks` when the block was last swept.
    pub marked_cells: u16,
    /// Whether the block is handed out to a size class.
    pub in_use: bool,
    /// Whether cells were allocated here since the last collection.
    pub touched: bool,
    /// Whether the operating system may hold pages for it.
    pub resident: bool,
}

/// A stretch of cells handed out since the last collection.
pub(super) struct Run {
    pub start: usize,
    pub end: usize,
    pub next: u32,
}

impl BlockMeta {
    /// Whether the cell that starts at `granule` is marked.
    #[inline(always)]
    pub fn is_marked(&self, granule: usize) -> bool {
        self.marks[granule / 64] >> (granule % 64) & 1 != 0
    }

    /// Sets a mark bit; true if it was clear.
    #[inline(always)]
    pub fn set_mark(&mut self, granule: usize) -> bool {
        let word = &mut self.marks[granule / 64];
        let bit = 1u64 << (granule % 64);
        let fresh = *word & bit == 0;
        *word |= bit;
        fresh
    }

    /// First marked granule at or after `from`.
    #[inline(always)]
    fn next_marked(&self, from: usize) -> usize {
        let mut word = from / 64;
        let mut bits = self.marks[word] & (u64::MAX << (from % 64));
        while bits == 0 {
            word += 1;
            if word == self.marks.len() {
                return BLOCK_GRANULES;
            }
            bits = self.marks[word];
        }
        word * 64 + bits.trailing_zeros() as usize
    }

    /// First interval of unmarked cells at or after cell `from`, as cell indices, in a block of `count` cells of
    /// `granules` granules. Looks at the bits word by word, not cell by cell.
    #[inline]
    pub fn next_interval(&self, from: usize, granules: usize, count: usize) -> Option<(usize, usize)> {
        let mut start = from;
        while start < count {
            let marked = self.next_marked(start * granules);
            if marked != start * granules {
                let end = if marked == BLOCK_GRANULES { count } else { marked / granules };
                return Some((start, end));
            }
            start += 1;
        }
        None
    }

    /// Number of marked cells.
    #[inline]
    pub fn count_marks(&self) -> usize {
        self.marks.iter().map(|word| word.count_ones() as usize).sum()
    }
}

/// The block space.
pub(super) struct Blocks {
    base: usize,
    /// Blocks that fit in the reservation.
    capacity: usize,
    metas: *mut BlockMeta,
    /// Cell size of each block in granules, apart from the metas because marking reads little else.
    granules: *mut u16,
    mapping: (usize, usize),
    side_mapping: (usize, usize),
    /// Blocks ever handed out, block 0 included.
    used: usize,
    committed: usize,
    free: Vec<u32>,
    /// The fewest blocks that were free since the last trim.
    fewest_free: usize,
}

impl Blocks {
    /// Reserves space for `bytes` bytes of blocks (less, if the process may not have so much).
    pub fn new(bytes: usize) -> io::Result<Blocks> {
        let mut capacity = bytes.div_ceil(BLOCK_BYTES) + 1;
        let address = loop {
            match os::reserve(capacity * BLOCK_BYTES + ALIGNMENT) {
                Ok(address) => break address,
                Err(error) if capacity <= 64 => return Err(error),
                Err(_) => capacity /= 2,
            }
        };
        let mapping = (address, capacity * BLOCK_BYTES + ALIGNMENT);
        let side_bytes = capacity * (size_of::<BlockMeta>() + size_of::<u16>());
        let side = os::map_zeroed(side_bytes).inspect_err(|_| os::release(mapping.0, mapping.1))?;
        Ok(Blocks {
            base: address.next_multiple_of(ALIGNMENT),
            capacity,
            metas: side as *mut BlockMeta,
            granules: (side + capacity * size_of::<BlockMeta>()) as *mut u16,
            mapping,
            side_mapping: (side, side_bytes),
            used: 1,
            committed: 0,
            free: Vec::new(),
            fewest_free: 0,
        })
    }

    /// Address of block 0.
    #[inline(always)]
    pub fn base(&self) -> usize {
        self.base
    }
    /// Size of the reservation.
    #[inline(always)]
    pub fn reserved_bytes(&self) -> usize {
        self.capacity * BLOCK_BYTES
    }
    /// The part of the reservation in which cells can be.
    #[inline(always)]
    pub fn used_bytes(&self) -> usize {
        self.used * BLOCK_BYTES
    }
    /// Bytes of blocks handed out and not free.
    #[inline(always)]
    pub fn in_use_bytes(&self) -> usize {
        (self.used - 1 - self.free.len()) * BLOCK_BYTES
    }
    /// The metas, for the marker.
    #[inline(always)]
    pub fn metas(&self) -> *mut BlockMeta {
        self.metas
    }
    /// The cell sizes, for the marker.
    #[inline(always)]
    pub fn granules_table(&self) -> *const u16 {
        self.granules
    }

    #[inline(always)]
    pub fn address_of(&self, block: u32) -> usize {
        self.base + block as usize * BLOCK_BYTES
    }
    /// The block that contains an address inside the reservation.
    #[inline(always)]
    pub fn block_of(&self, address: usize) -> u32 {
        ((address - self.base) / BLOCK_BYTES) as u32
    }
    #[inline(always)]
    pub fn meta(&self, block: u32) -> &BlockMeta {
        debug_assert!((block as usize) < self.used);
        // SAFETY: the side table has an entry for every block; shared and exclusive access follow `self`'s.
        unsafe { &*self.metas.add(block as usize) }
    }
    #[inline(always)]
    pub fn meta_mut(&mut self, block: u32) -> &mut BlockMeta {
        debug_assert!((block as usize) < self.used);
        // SAFETY: as in `meta`, and `self` is borrowed exclusively.
        unsafe { &mut *self.metas.add(block as usize) }
    }
    /// Size in granules of the cells of a block.
    #[inline(always)]
    pub fn granules(&self, block: u32) -> usize {
        debug_assert!((block as usize) < self.used);
        // SAFETY: the side table has an entry for every block.
        unsafe { *self.granules.add(block as usize) as usize }
    }
    /// Size of the cells of a block.
    #[inline(always)]
    pub fn cell_bytes(&self, block: u32) -> usize {
        self.granules(block) * GRANULE
    }
    /// The blocks that are handed out, lowest first.
    pub fn iter_in_use(&self) -> impl DoubleEndedIterator<Item = u32> + use<'_> {
        (1..self.used as u32).filter(|&block| self.meta(block).in_use)
    }

    /// Hands out a block without marks for cells of `cell_bytes`. `None` if the reservation is used up, or the
    /// operating system has no more memory.
    pub fn take(&mut self, cell_bytes: usize) -> Option<u32> {
        let block = match self.free.pop() {
            Some(block) => {
                self.fewest_free = self.fewest_free.min(self.free.len());
                block
            }
            None => self.grow()?,
        };
        // SAFETY: the side table has an entry for every block.
        unsafe { *self.granules.add(block as usize) = (cell_bytes / GRANULE) as u16 };
        let meta = self.meta_mut(block);
        debug_assert!(!meta.in_use && meta.marks.iter().all(|&word| word == 0));
        meta.in_use = true;
        meta.resident = true;
        meta.marked_cells = 0;
        meta.run_head = NO_RUN;
        meta.touched = false;
        Some(block)
    }

    #[cold]
    fn grow(&mut self) -> Option<u32> {
        if self.used == self.capacity {
            return None;
        }
        if self.used >= self.committed {
            let blocks = COMMIT_BLOCKS.min(self.capacity - self.committed);
            os::commit(self.base + self.committed * BLOCK_BYTES, blocks * BLOCK_BYTES).ok()?;
            self.committed += blocks;
        }
        self.used += 1;
        Some(self.used as u32 - 1)
    }

    /// Takes back a block in which nothing is marked.
    pub fn give_back(&mut self, block: u32) {
        let meta = self.meta_mut(block);
        meta.in_use = false;
        meta.marked_cells = 0;
        self.free.push(block);
    }

    /// Returns to the operating system the pages of as many blocks as were free all the time since the last trim: what
    /// a program uses again and again stays. The blocks with the lowest addresses are kept and handed out first.
    pub fn trim(&mut self) {
        self.free.sort_unstable_by(|a, b| b.cmp(a));
        let surplus = std::mem::replace(&mut self.fewest_free, self.free.len()).min(self.free.len());
        let mut range: Option<(usize, usize)> = None;
        for i in 0..surplus {
            let block = self.free[i];
            if !std::mem::replace(&mut self.meta_mut(block).resident, false) {
                continue;
            }
            let start = self.address_of(block);
            range = match range {
                Some((low, end)) if low == start + BLOCK_BYTES => Some((start, end)),
                Some((low, end)) => {
                    os::discard(low, end - low);
                    Some((start, start + BLOCK_BYTES))
                }
                None => Some((start, start + BLOCK_BYTES)),
            };
        }
        if let Some((low, end)) = range {
            os::discard(low, end - low);
        }
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        os::release(self.mapping.0, self.mapping.1);
        os::release(self.side_mapping.0, self.side_mapping.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty_meta() -> BlockMeta {
        BlockMeta {
            marks: [0; BLOCK_GRANULES / 64],
            run_head: NO_RUN,
            marked_cells: 0,
            in_use: true,
            touched: false,
            resident: true,
        }
    }

    #[test]
    fn intervals_are_what_the_marks_leave() {
        let (granules, count) = (3, BLOCK_GRANULES / 3);
        let mut meta = empty_meta();
        assert_eq!(meta.next_interval(0, granules, count), Some((0, count)));
        for cell in [0, 1, 5, 200, count - 1] {
            assert!(meta.set_mark(cell * granules));
            assert!(!meta.set_mark(cell * granules));
        }
        let mut intervals = vec![];
        let mut from = 0;
        while let Some((start, end)) = meta.next_interval(from, granules, count) {
            intervals.push((start, end));
            from = end;
        }
        assert_eq!(intervals, [(2, 5), (6, 200), (201, count - 1)]);
        assert_eq!(meta.count_marks(), 5);
    }

    #[test]
    fn trimmed_blocks_come_back_zeroed() {
        let mut blocks = Blocks::new(8 << 20).unwrap();
        let taken: Vec<u32> = (0..10).map(|_| blocks.take(32).unwrap()).collect();
        assert_eq!(taken[0], 1, "block 0 is never handed out");
        for &block in &taken {
            // SAFETY: the block was just handed out.
            unsafe { *(blocks.address_of(block) as *mut u64) = 7 };
        }
        for &block in &taken {
            blocks.give_back(block);
        }
        assert_eq!(blocks.in_use_bytes(), 0);
        blocks.trim();
        let used: Vec<u32> = (0..2).map(|_| blocks.take(64).unwrap()).collect();
        used.into_iter().for_each(|block| blocks.give_back(block));
        blocks.trim();
        let again: Vec<u32> = (0..10).map(|_| blocks.take(48).unwrap()).collect();
        assert_eq!(again, (1..=10).collect::<Vec<u32>>());
        for &block in &again {
            // SAFETY: the block was just handed out.
            let word = unsafe { *(blocks.address_of(block) as *const u64) };
            assert_eq!(word, if block <= 2 { 7 } else { 0 });
        }
    }

    #[test]
    fn a_reservation_can_be_used_up() {
        let mut blocks = Blocks::new(4 * BLOCK_BYTES).unwrap();
        assert_eq!((0..10).filter_map(|_| blocks.take(16)).count(), 4);
    }
}
