//! The code cache: bounded, in three segments, able to grow full.
//!
//! Segments keep apart what lives differently long (HotSpot's segmented code cache): stubs stay for ever, profiled
//! baseline code is replaced soon, the rest stays as long as it is used. Each segment has its own bound and free list.
//!
//! ```text
//!   install            make_not_entrant            sweep: no frame left            next sweep
//!  ────────> in use ───────────────────> not entrant ─────────────────> zombie ─────────────> free
//!                 deopt, invalidation, replacement,                                bytes back in the free list
//!                 eviction (cold, room needed)
//! ```
//!
//! Full. With flushing (the default) cold code is evicted: every blob has a hotness that is set when a sample finds it
//! running and decays with every attempt to make room; blobs at 0 go. If nothing is cold, the compiler pauses until
//! a sweep has freed enough. Without flushing the compiler is disabled for good, as HotSpot's message says: the
//! program runs on at the speed it has, forever. That cliff is one of the storms.
//!
//! Nothing here acts on the rest of the VM. Whoever makes code not entrant resets the entry cells and hijacks pending
//! returns (`deopt::exit`); whoever sweeps says which blobs frames still refer to. What happened is returned, or
//! waits as a [`CacheNotice`] until it is collected.

use super::blob::{Blob, BlobSpec, MachineCode};
use super::free_list::FreeList;
use super::memory::{CodeRegion, GRANULE};
use crate::vocab::{BlobId, BlobState, Segment};
use cranelift_entity::PrimaryMap;
use std::collections::BTreeMap;
use std::{fmt, io};

/// A blob that was just installed or seen running survives this many attempts to make room.
const HOTTEST: u8 = 3;

/// Bounds of the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheConfig {
    /// Bytes for stubs.
    pub non_method_bytes: usize,
    /// Bytes for baseline code with profiling.
    pub profiled_bytes: usize,
    /// Bytes for code without profiling.
    pub non_profiled_bytes: usize,
    /// Whether cold code is evicted when room is needed.
    pub flushing: bool,
}

impl Default for CacheConfig {
    fn default() -> Self {
        CacheConfig {
            non_method_bytes: 1 << 20,
            profiled_bytes: 24 << 20,
            non_profiled_bytes: 24 << 20,
            flushing: true,
        }
    }
}

impl CacheConfig {
    fn bytes_of(&self, segment: Segment) -> usize {
        let bytes = match segment {
            Segment::NonMethod => self.non_method_bytes,
            Segment::Profiled => self.profiled_bytes,
            Segment::NonProfiled => self.non_profiled_bytes,
        };
        bytes.next_multiple_of(GRANULE)
    }
}

/// Whether new code is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompilerMode {
    /// Yes.
    Enabled,
    /// Not until a sweep has freed room for the request that failed.
    Paused {
        /// Where room was needed.
        segment: Segment,
        /// How much.
        bytes: usize,
    },
    /// No, never again in this process: the cache was full and flushing is off.
    Disabled,
}

/// Something that the user or the tiering driver should hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheNotice {
    /// A segment has passed this share of its capacity for the first time.
    AlmostFull {
        /// Which one.
        segment: Segment,
        /// 90 or 98.
        percent: u8,
    },
    /// A segment could not take a blob.
    Full {
        /// Which one.
        segment: Segment,
        /// What the blob needed.
        bytes: usize,
    },
    /// Compilation stops until there is room in this segment.
    CompilerPaused(Segment),
    /// Compilation goes on: there is room in it.
    CompilerResumed(Segment),
    /// Compilation stops for good, because it is full.
    CompilerDisabled(Segment),
}

/// Why a blob was not installed.
#[derive(Debug)]
pub enum InstallError {
    /// No free piece of the segment is large enough. In flushing mode: make room and try again.
    Full {
        /// Which segment.
        segment: Segment,
        /// How many bytes the blob needs.
        bytes: usize,
    },
    /// The compiler is disabled.
    Disabled,
    /// The operating system refused to make the code executable.
    System(io::Error),
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstallError::Full { segment, bytes } => {
                write!(f, "the {segment} segment of the code cache has no room for {bytes} bytes")
            }
            InstallError::Disabled => f.write_str("the compiler is disabled because the code cache is full"),
            InstallError::System(error) => write!(f, "code memory: {error}"),
        }
    }
}

impl std::error::Error for InstallError {}

/// How full a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occupancy {
    /// The bound.
    pub capacity_bytes: usize,
    /// Bytes that are allocated.
    pub used_bytes: usize,
    /// The most that was ever allocated.
    pub peak_bytes: usize,
    /// The largest blob that would still fit.
    pub largest_free_bytes: usize,
    /// In how many pieces the free bytes are.
    pub free_pieces: usize,
    /// Blobs that are not free.
    pub blobs: usize,
}

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Not entrant before, zombies now: no frame refers to them.
    pub zombies: Vec<BlobId>,
    /// Zombies before, free now.
    pub freed: Vec<BlobId>,
    /// What that gave back.
    pub freed_bytes: usize,
}

/// What an attempt to make room did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MadeRoom {
    /// Cold blobs that were made not entrant: their functions' entries must be reset.
    pub evicted: Vec<BlobId>,
    /// The sweep that followed.
    pub swept: Swept,
    /// Whether the request fits now.
    pub fits: bool,
}

struct SegmentSpace {
    capacity: usize,
    free: FreeList,
    peak: usize,
    /// The highest of 90 and 98 that was reported.
    warned_percent: u8,
}

impl SegmentSpace {
    fn used(&self) -> usize {
        self.capacity - self.free.free_bytes()
    }
}

/// All machine code of one VM.
pub struct CodeCache {
    region: CodeRegion,
    segments: [SegmentSpace; Segment::ALL.len()],
    /// Every blob ever installed; freed ones leave a gap.
    blobs: PrimaryMap<BlobId, Option<Box<Blob>>>,
    /// Code start to blob, for blobs that are not free.
    by_address: BTreeMap<usize, BlobId>,
    flushing: bool,
    mode: CompilerMode,
    notices: Vec<CacheNotice>,
}

impl CodeCache {
    /// Reserves the region.
    pub fn new(config: &CacheConfig) -> io::Result<CodeCache> {
        let total = Segment::ALL.iter().map(|s| config.bytes_of(*s)).sum();
        let mut start = 0;
        let mut space = |segment| {
            let capacity = config.bytes_of(segment);
            let free = FreeList::new(start..start + capacity);
            start += capacity;
            SegmentSpace { capacity, free, peak: 0, warned_percent: 0 }
        };
        Ok(CodeCache {
            segments: [space(Segment::NonMethod), space(Segment::Profiled), space(Segment::NonProfiled)],
            region: CodeRegion::new(total)?,
            blobs: PrimaryMap::new(),
            by_address: BTreeMap::new(),
            flushing: config.flushing,
            mode: CompilerMode::Enabled,
            notices: Vec::new(),
        })
    }

    // ---- installing -----------------------------------------------------------------------------------------------

    /// Copies the code in and gives it a name. It is in use at once, but nobody enters it before its address has been
    /// put into an entry cell.
    ///
    /// # Errors
    /// If there is no room (then make some and try again, in flushing mode) or the compiler is disabled. Stubs are
    /// installed even then.
    pub fn install(&mut self, spec: BlobSpec, code: MachineCode) -> Result<BlobId, InstallError> {
        let segment = Segment::of(spec.tier);
        if self.mode == CompilerMode::Disabled && segment != Segment::NonMethod {
            return Err(InstallError::Disabled);
        }
        let alignment = code.alignment.max(1) as usize;
        assert!(
            GRANULE.is_multiple_of(alignment),
            "machine code asks for alignment {alignment}, more than the cache gives"
        );
        let shift = if (code.shift as usize).is_multiple_of(alignment) { code.shift as usize % GRANULE } else { 0 };
        let needed = Self::block_bytes(code.bytes.len() + shift);
        let Some(block) = self.segments[segment.index()].free.allocate(needed) else {
            self.report_full(segment, needed);
            return Err(InstallError::Full { segment, bytes: needed });
        };
        let offset = block.start + shift;
        if let Err(error) = self.region.write(offset, &code.bytes) {
            self.segments[segment.index()].free.release(block);
            return Err(InstallError::System(error));
        }
        let start = self.region.address(offset);
        let id = self.blobs.next_key();
        let mut blob = Blob::new(id, spec, code, start, block);
        blob.hotness = HOTTEST;
        self.blobs.push(Some(Box::new(blob)));
        self.by_address.insert(start, id);
        self.note_occupancy(segment);
        Ok(id)
    }

    /// Bytes that are allocated for a blob of `len` bytes.
    fn block_bytes(len: usize) -> usize {
        len.max(1).next_multiple_of(GRANULE)
    }

    fn report_full(&mut self, segment: Segment, bytes: usize) {
        self.notices.push(CacheNotice::Full { segment, bytes });
        if !self.flushing && self.mode == CompilerMode::Enabled {
            self.mode = CompilerMode::Disabled;
            self.notices.push(CacheNotice::CompilerDisabled(segment));
        }
    }

    fn note_occupancy(&mut self, segment: Segment) {
        let space = &mut self.segments[segment.index()];
        let used = space.used();
        space.peak = space.peak.max(used);
        for percent in [90, 98] {
            if used * 100 >= space.capacity * percent as usize && space.warned_percent < percent {
                space.warned_percent = percent;
                self.notices.push(CacheNotice::AlmostFull { segment, percent });
            }
        }
    }

    // ---- looking up -----------------------------------------------------------------------------------------------

    /// A blob that is not free.
    pub fn get(&self, id: BlobId) -> Option<&Blob> {
        self.blobs.get(id)?.as_deref()
    }

    fn get_mut(&mut self, id: BlobId) -> Option<&mut Blob> {
        self.blobs.get_mut(id)?.as_deref_mut()
    }

    /// Where a blob's code begins, relative to the region: the same in every run that does the same.
    pub fn region_offset(&self, id: BlobId) -> Option<usize> {
        self.get(id).map(|blob| blob.block.start)
    }

    /// First address of the region.
    pub fn region_base(&self) -> usize {
        self.region.base()
    }

    /// First address of the region, and the one after its last.
    pub fn region_bounds(&self) -> (usize, usize) {
        (self.region.base(), self.region.base() + self.region.len())
    }

    /// All blobs that are not free, by ascending id.
    pub fn iter(&self) -> impl Iterator<Item = &Blob> {
        self.blobs.values().filter_map(|blob| blob.as_deref())
    }

    /// The blob whose code contains the address. A return address may lie one past the end of the code.
    pub fn find(&self, pc: usize) -> Option<&Blob> {
        self.by_start(pc).filter(|blob| blob.code().contains(&pc))
    }

    /// The blob that a return address leads back into.
    pub fn find_return(&self, return_address: usize) -> Option<&Blob> {
        self.find(return_address.checked_sub(1)?)
    }

    fn by_start(&self, pc: usize) -> Option<&Blob> {
        let (_, id) = self.by_address.range(..=pc).next_back()?;
        self.get(*id)
    }

    /// Whether the address lies in code memory, used or not.
    pub fn contains(&self, address: usize) -> bool {
        self.region.contains(address)
    }

    /// The code bytes of a blob, for dumps and disassembly.
    pub fn code_bytes(&self, blob: &Blob) -> &[u8] {
        let start = blob.code().start - self.region.base();
        self.region.bytes(start..start + blob.code().len())
    }

    /// How full a segment is.
    pub fn occupancy(&self, segment: Segment) -> Occupancy {
        let space = &self.segments[segment.index()];
        Occupancy {
            capacity_bytes: space.capacity,
            used_bytes: space.used(),
            peak_bytes: space.peak,
            largest_free_bytes: space.free.largest(),
            free_pieces: space.free.piece_count(),
            blobs: self.iter().filter(|blob| blob.segment() == segment).count(),
        }
    }

    /// Whether new code is wanted.
    pub fn mode(&self) -> CompilerMode {
        self.mode
    }

    /// What has happened since the last call.
    pub fn take_notices(&mut self) -> Vec<CacheNotice> {
        std::mem::take(&mut self.notices)
    }

    // ---- throwing away --------------------------------------------------------------------------------------------

    /// No new activation of the blob begins from now on. Returns whether this changed anything. The caller resets the
    /// entry cells; `deopt::exit` takes care of activations that already run.
    pub fn make_not_entrant(&mut self, id: BlobId) -> bool {
        let Some(blob) = self.get_mut(id) else { return false };
        let was_entrant = blob.is_entrant();
        if was_entrant {
            blob.state = BlobState::NotEntrant;
        }
        was_entrant
    }

    /// Moves every blob that nothing refers to one step on: zombies become free, blobs that are not entrant become
    /// zombies. `is_referenced` says whether a frame or a hijacked return refers to a blob.
    pub fn sweep(&mut self, is_referenced: impl Fn(BlobId) -> bool) -> Swept {
        let mut swept = Swept::default();
        for id in self.blobs.keys().collect::<Vec<_>>() {
            let Some(blob) = self.get_mut(id) else { continue };
            match blob.state {
                BlobState::Zombie => {
                    assert!(!is_referenced(id), "a frame refers to {id}, which is a zombie");
                    swept.freed_bytes += blob.block.len();
                    swept.freed.push(id);
                    self.free(id);
                }
                BlobState::NotEntrant if !is_referenced(id) => {
                    blob.state = BlobState::Zombie;
                    swept.zombies.push(id);
                }
                BlobState::NotEntrant | BlobState::InUse => {}
                BlobState::Free => unreachable!("a free blob has no entry"),
            }
        }
        self.resume_if_room();
        swept
    }

    fn free(&mut self, id: BlobId) {
        let blob = self.blobs[id].take().expect("a blob is freed once");
        self.by_address.remove(&blob.code().start);
        self.region.poison(blob.block.clone());
        self.segments[blob.segment().index()].free.release(blob.block.clone());
    }

    /// The blob was seen running, or was entered: it is hot.
    pub fn note_running(&mut self, id: BlobId) {
        if let Some(blob) = self.get_mut(id) {
            blob.hotness = HOTTEST;
        }
    }

    /// Evicts cold code of a segment until `bytes` fit, and sweeps. Every attempt makes all code of the segment a
    /// little colder. If it does not help, the compiler pauses.
    pub fn make_room(&mut self, segment: Segment, bytes: usize, is_referenced: impl Fn(BlobId) -> bool) -> MadeRoom {
        let mut room = MadeRoom::default();
        if self.flushing {
            room.evicted = self.evict_cold(segment, bytes);
            room.swept = self.sweep(&is_referenced);
            let second = self.sweep(&is_referenced);
            room.swept.zombies.extend(second.zombies);
            room.swept.freed.extend(second.freed);
            room.swept.freed_bytes += second.freed_bytes;
        }
        room.fits = self.segments[segment.index()].free.largest() >= bytes;
        if !room.fits && self.mode == CompilerMode::Enabled {
            self.mode = CompilerMode::Paused { segment, bytes };
            self.notices.push(CacheNotice::CompilerPaused(segment));
        }
        room
    }

    /// Makes the coldest blobs not entrant, the oldest first, until together they would give `bytes`.
    fn evict_cold(&mut self, segment: Segment, bytes: usize) -> Vec<BlobId> {
        let mut evicted = Vec::new();
        let mut found = 0;
        for blob in self.blobs.values_mut().filter_map(|blob| blob.as_deref_mut()) {
            if blob.segment() != segment || segment == Segment::NonMethod || !blob.is_entrant() {
                continue;
            }
            if blob.hotness > 0 {
                blob.hotness -= 1;
            } else if found < bytes {
                found += blob.block.len();
                blob.state = BlobState::NotEntrant;
                evicted.push(blob.id);
            }
        }
        evicted
    }

    fn resume_if_room(&mut self) {
        if let CompilerMode::Paused { segment, bytes } = self.mode
            && self.segments[segment.index()].free.largest() >= bytes
        {
            self.mode = CompilerMode::Enabled;
            self.notices.push(CacheNotice::CompilerResumed(segment));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::blob::Entries;
    use super::*;
    use crate::vocab::{FunctionId, Tier};

    fn cache(bytes: usize, flushing: bool) -> CodeCache {
        let config = CacheConfig { non_method_bytes: 4096, profiled_bytes: bytes, non_profiled_bytes: bytes, flushing };
        CodeCache::new(&config).unwrap()
    }

    fn install(cache: &mut CodeCache, tier: Tier, bytes: usize) -> Result<BlobId, InstallError> {
        let spec = BlobSpec::function(FunctionId::from_u32(0), tier, Entries::generic());
        cache.install(spec, MachineCode { bytes: vec![0xC3; bytes], alignment: 1, ..MachineCode::default() })
    }

    #[test]
    fn a_blob_walks_through_its_states() {
        let mut cache = cache(4096, true);
        let blob = install(&mut cache, Tier::Optimized, 100).unwrap();
        let address = cache.get(blob).unwrap().code().start;
        assert!(!cache.make_not_entrant(BlobId::from_u32(77)));
        assert!(cache.make_not_entrant(blob) && !cache.make_not_entrant(blob));
        assert_eq!(cache.sweep(|_| true), Swept::default(), "a frame still refers to it");
        assert_eq!(cache.get(blob).unwrap().state(), BlobState::NotEntrant);
        assert_eq!(cache.sweep(|_| false).zombies, [blob]);
        assert_eq!(cache.get(blob).unwrap().state(), BlobState::Zombie);
        let swept = cache.sweep(|_| false);
        assert_eq!((swept.freed, swept.freed_bytes), (vec![blob], 128));
        assert!(cache.get(blob).is_none() && cache.find(address).is_none());
        assert_eq!(cache.occupancy(Segment::NonProfiled).used_bytes, 0);
        let next = install(&mut cache, Tier::Optimized, 100).unwrap();
        assert_ne!(next, blob, "ids are not reused");
        assert_eq!(cache.get(next).unwrap().code().start, address, "bytes are");
    }

    #[test]
    fn segments_do_not_share_room_and_addresses_lead_to_blobs() {
        let mut cache = cache(256, true);
        let profiled = install(&mut cache, Tier::BaselineProfiling, 250).unwrap();
        assert!(matches!(install(&mut cache, Tier::BaselineCounters, 1), Err(InstallError::Full { .. })));
        let optimized = install(&mut cache, Tier::Optimized, 100).unwrap();
        let baseline = install(&mut cache, Tier::Baseline, 128).unwrap();
        for id in [profiled, optimized, baseline] {
            let code = cache.get(id).unwrap().code();
            assert_eq!(cache.find(code.start).unwrap().id, id);
            assert_eq!(cache.find(code.end - 1).unwrap().id, id);
            assert_eq!(cache.find_return(code.end).unwrap().id, id);
        }
        let optimized = cache.get(optimized).unwrap().code();
        assert!(cache.find(optimized.end).is_none(), "padding belongs to nobody");
        assert!(cache.find(optimized.start - 1).is_none_or(|b| b.id == profiled));
    }

    #[test]
    fn shift_and_alignment_decide_where_code_begins() {
        let mut cache = cache(4096, true);
        let place = |cache: &mut CodeCache, shift, alignment| {
            let spec = BlobSpec::stub("s");
            let code = MachineCode { bytes: vec![0xC3; 10], alignment, shift, ..MachineCode::default() };
            let id = cache.install(spec, code).unwrap();
            cache.get(id).unwrap().code().start % GRANULE
        };
        assert_eq!(place(&mut cache, 13, 1), 13);
        assert_eq!(place(&mut cache, 16, 16), 16);
        assert_eq!(place(&mut cache, 13, 16), 0, "alignment is a must, the shift a wish");
    }

    #[test]
    fn warnings_come_once_and_without_flushing_the_compiler_is_disabled_for_good() {
        let mut cache = cache(6400, false);
        let mut blobs: Vec<_> = (0..100).map(|_| install(&mut cache, Tier::Optimized, 64).unwrap()).collect();
        let segment = Segment::NonProfiled;
        let almost = |percent| CacheNotice::AlmostFull { segment, percent };
        assert_eq!(cache.take_notices(), [almost(90), almost(98)]);
        assert!(matches!(install(&mut cache, Tier::Optimized, 64), Err(InstallError::Full { .. })));
        assert_eq!(
            cache.take_notices(),
            [CacheNotice::Full { segment, bytes: 64 }, CacheNotice::CompilerDisabled(segment)]
        );
        assert!(matches!(install(&mut cache, Tier::Baseline, 64), Err(InstallError::Disabled)));
        for blob in blobs.drain(..) {
            cache.make_not_entrant(blob);
        }
        cache.sweep(|_| false);
        cache.sweep(|_| false);
        assert_eq!(cache.occupancy(segment).used_bytes, 0);
        assert_eq!(cache.mode(), CompilerMode::Disabled);
        assert!(matches!(install(&mut cache, Tier::Baseline, 64), Err(InstallError::Disabled)));
        let stub = MachineCode { bytes: vec![0xC3], ..MachineCode::default() };
        assert!(cache.install(BlobSpec::stub("adapter"), stub).is_ok(), "stubs are always possible");
    }

    #[test]
    fn eviction_takes_what_was_not_seen_running() {
        let mut cache = cache(640, true);
        let blobs: Vec<_> = (0..10).map(|_| install(&mut cache, Tier::Optimized, 64).unwrap()).collect();
        let mut attempts = 0;
        let room = loop {
            for hot in &blobs[2..] {
                cache.note_running(*hot);
            }
            attempts += 1;
            let room = cache.make_room(Segment::NonProfiled, 128, |_| false);
            if room.fits {
                break room;
            }
            assert!(matches!(cache.mode(), CompilerMode::Paused { .. }));
            assert!(attempts < 10);
        };
        assert_eq!(attempts, HOTTEST as usize + 1);
        assert_eq!(room.evicted, blobs[..2]);
        assert_eq!(room.swept.freed, blobs[..2]);
        assert_eq!(cache.mode(), CompilerMode::Enabled);
        let notices = cache.take_notices();
        let segment = Segment::NonProfiled;
        assert_eq!(notices[2..], [CacheNotice::CompilerPaused(segment), CacheNotice::CompilerResumed(segment)]);
        install(&mut cache, Tier::Optimized, 128).unwrap();
    }

    #[test]
    fn evicted_code_that_still_runs_keeps_its_bytes() {
        let mut cache = cache(128, true);
        let running = install(&mut cache, Tier::Optimized, 128).unwrap();
        for _ in 0..HOTTEST {
            assert!(!cache.make_room(Segment::NonProfiled, 64, |_| true).fits);
        }
        let room = cache.make_room(Segment::NonProfiled, 64, |_| true);
        assert_eq!((room.evicted, room.fits), (vec![running], false));
        assert_eq!(cache.get(running).unwrap().state(), BlobState::NotEntrant);
        assert!(cache.make_room(Segment::NonProfiled, 64, |_| false).fits);
    }

    /// Any order of installs and frees keeps the accounts right.
    #[test]
    fn accounts_balance_under_random_use() {
        let mut cache = cache(16 << 10, true);
        let mut live: Vec<BlobId> = Vec::new();
        let mut seed = 12345u32;
        for _ in 0..3000 {
            seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
            let random = (seed >> 8) as usize;
            if !random.is_multiple_of(3) {
                if let Ok(blob) = install(&mut cache, Tier::Optimized, 1 + random % 700) {
                    live.push(blob);
                }
            } else if !live.is_empty() {
                let blob = live.swap_remove(random / 3 % live.len());
                assert!(cache.make_not_entrant(blob));
                cache.sweep(|_| false);
            }
        }
        let used: usize = cache.iter().map(|b| b.block.len()).sum();
        assert_eq!(cache.occupancy(Segment::NonProfiled).used_bytes, used);
        let mut ranges: Vec<_> = cache.iter().map(|b| b.code()).collect();
        ranges.sort_by_key(|r| r.start);
        assert!(ranges.windows(2).all(|w| w[0].end <= w[1].start), "blobs overlap");
    }
}
