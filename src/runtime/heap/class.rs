//! Size classes: which cell sizes exist.
//!
//! Every block holds cells of one size. Up to 512 bytes there is a class for every multiple of 16, so small cells waste
//! nothing; beyond, a class is what a block divides into (32 KB / 56, / 48, … / 2), four to an octave, so that the end
//! of the block is not wasted either and only fifty classes exist. Past 16 KB a cell is a large object
//! ([`super::large`]).

/// Alignment and unit of cell sizes.
pub const GRANULE: usize = 16;
/// Size and alignment of a block.
pub const BLOCK_BYTES: usize = 32 << 10;
/// Granules in a block: one mark bit each.
pub const BLOCK_GRANULES: usize = BLOCK_BYTES / GRANULE;
/// Cells above this are large objects.
pub const MAX_SMALL_BYTES: usize = 16 << 10;
/// Number of size classes.
pub const CLASS_COUNT: usize = EXACT_COUNT + CELLS_PER_BLOCK.len();

/// Classes 0..EXACT_COUNT hold cells of 16, 32, … 512 bytes.
const EXACT_COUNT: usize = 32;
/// The remaining classes, by how many cells a block holds.
const CELLS_PER_BLOCK: [usize; 18] = [56, 48, 40, 32, 28, 24, 20, 16, 14, 12, 10, 8, 7, 6, 5, 4, 3, 2];

/// Cell size of each class.
const CLASS_BYTES: [u16; CLASS_COUNT] = class_bytes_table();
/// Class of a size given in granules.
const CLASS_OF_GRANULES: [u8; MAX_SMALL_BYTES / GRANULE + 1] = class_of_granules_table();

const fn class_bytes_table() -> [u16; CLASS_COUNT] {
    let mut table = [0; CLASS_COUNT];
    let mut class = 0;
    while class < CLASS_COUNT {
        table[class] = if class < EXACT_COUNT {
            ((class + 1) * GRANULE) as u16
        } else {
            (BLOCK_BYTES / CELLS_PER_BLOCK[class - EXACT_COUNT] / GRANULE * GRANULE) as u16
        };
        class += 1;
    }
    table
}

const fn class_of_granules_table() -> [u8; MAX_SMALL_BYTES / GRANULE + 1] {
    let bytes = class_bytes_table();
    let mut table = [0; MAX_SMALL_BYTES / GRANULE + 1];
    let mut class = 0;
    let mut granules = 0;
    while granules < table.len() {
        while (bytes[class] as usize) < granules * GRANULE {
            class += 1;
        }
        table[granules] = class as u8;
        granules += 1;
    }
    table
}

/// The class that serves cells of `bytes` bytes (`1 ..= MAX_SMALL_BYTES`).
#[inline(always)]
pub fn class_of(bytes: usize) -> usize {
    CLASS_OF_GRANULES[bytes.div_ceil(GRANULE)] as usize
}

/// The size of the cells of a class.
#[inline(always)]
pub fn class_bytes(class: usize) -> usize {
    CLASS_BYTES[class] as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_the_smallest_class_that_fits() {
        for bytes in 1..=MAX_SMALL_BYTES {
            let class = class_of(bytes);
            assert!(class_bytes(class) >= bytes);
            assert!(class == 0 || class_bytes(class - 1) < bytes);
            assert_eq!(class_bytes(class) % GRANULE, 0);
        }
    }

    #[test]
    fn small_sizes_are_exact_and_larger_ones_waste_little() {
        for bytes in (GRANULE..=512).step_by(GRANULE) {
            assert_eq!(class_bytes(class_of(bytes)), bytes);
        }
        for class in EXACT_COUNT..CLASS_COUNT {
            let bytes = class_bytes(class);
            assert!(BLOCK_BYTES % bytes <= BLOCK_BYTES / 64, "class of {bytes} wastes the end of its block");
            assert!((bytes as f64) < class_bytes(class - 1) as f64 * 1.51);
        }
        assert_eq!(class_bytes(CLASS_COUNT - 1), MAX_SMALL_BYTES);
    }
}
