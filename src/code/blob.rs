//! One piece of machine code and everything that is known about it.
//!
//! ```text
//!   Blob
//!     entries       code offsets where it may be entered: direct, generic, OSR per bytecode offset
//!     code          address range in the executable view
//!     call sites    return address -> source position, and whether a check of the result follows
//!     source map    code range -> source position
//!     positions     source position -> function, bytecode offset, inlined into which position
//!     exits         exit id -> reason, kind, action, position, recipe (encoded; `deopt::recipe` reads it)
//! ```
//!
//! A call site is *checked* if the instructions after the call compare the result with the reserved word. Only such
//! return addresses may be hijacked: an unchecked caller would compute on with the reserved word.
//!
//! The tables are compact and sorted; they are consulted when something rare happens, never on a hot path.

use super::memory::GRANULE;
use crate::vocab::{BlobId, BlobState, CompileId, DeoptAction, DeoptKind, DeoptReason, ExitId, FunctionId};
use crate::vocab::{Segment, SiteId, Tier};
use cranelift_entity::{EntityRef, PrimaryMap, entity_impl};
use std::ops::Range;

/// A source position of one blob: an index into its [`PositionTable`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PositionId(u32);
entity_impl!(PositionId, "pos");

/// Where an instruction comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The function whose bytecode it is: the blob's own, or one inlined into it.
    pub function: FunctionId,
    /// Offset of the instruction in that function's bytecode.
    pub bytecode_offset: u32,
    /// For an inlined function: the position of the call that was inlined.
    pub inlined_at: Option<PositionId>,
}

/// All source positions of one blob.
pub type PositionTable = PrimaryMap<PositionId, Position>;

/// One call in compiled code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallSite {
    /// Offset of the instruction after the call.
    pub return_offset: u32,
    /// Where in the source; none for calls that codegen made up.
    pub position: Option<PositionId>,
    /// Whether the result is compared with the reserved word, so that the return may be hijacked.
    pub checked: bool,
}

/// A range of code that comes from one source position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRange {
    /// Code offsets.
    pub range: Range<u32>,
    /// Where in the source.
    pub position: PositionId,
}

/// Finished machine code without a home: free of relocations, movable.
#[derive(Clone, Debug, Default)]
pub struct MachineCode {
    /// Instructions and constants.
    pub bytes: Vec<u8>,
    /// What the start must be a multiple of.
    pub alignment: u32,
    /// How far after a cache line the code would like to begin: see [`super::placement`].
    pub shift: u32,
    /// Calls, by ascending return offset.
    pub call_sites: Vec<CallSite>,
    /// Source ranges, ascending and disjoint.
    pub source_map: Vec<SourceRange>,
}

/// Code offsets at which a blob may be entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// With tagged arguments in machine registers.
    pub direct: Option<u32>,
    /// With arguments on the VM stack.
    pub generic: Option<u32>,
    /// Bytecode offset and code offset of each on-stack-replacement entry, by ascending bytecode offset.
    pub osr: Vec<(u32, u32)>,
}

impl Entries {
    /// A blob that is entered at its start through the direct convention.
    pub fn direct() -> Entries {
        Entries { direct: Some(0), ..Entries::default() }
    }
    /// A blob that is entered at its start through the generic convention.
    pub fn generic() -> Entries {
        Entries { generic: Some(0), ..Entries::default() }
    }
    /// A blob that is entered at its start, from an activation that stands at `bytecode_offset`.
    pub fn osr(bytecode_offset: u32) -> Entries {
        Entries { osr: vec![(bytecode_offset, 0)], ..Entries::default() }
    }
}

/// What is known about a side exit without decoding its recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitRow {
    /// What the guard expected and did not find.
    pub reason: DeoptReason,
    /// At which moment.
    pub kind: DeoptKind,
    /// What the compile asks to be done with the code.
    pub action: DeoptAction,
    /// Where in the source.
    pub position: PositionId,
    /// The feedback site that was trusted, in the position's function.
    pub site: Option<SiteId>,
    /// The encoded recipe in the table's bytes.
    recipe: Range<u32>,
}

/// The side exits of one blob. Recipes are stored encoded, as most are never read.
#[derive(Clone, Debug, Default)]
pub struct ExitTable {
    rows: PrimaryMap<ExitId, ExitRow>,
    recipes: Vec<u8>,
}

impl ExitTable {
    /// Adds an exit. `encode` appends the recipe's bytes.
    pub fn push(
        &mut self,
        reason: DeoptReason,
        kind: DeoptKind,
        action: DeoptAction,
        position: PositionId,
        site: Option<SiteId>,
        encode: impl FnOnce(&mut Vec<u8>),
    ) -> ExitId {
        let start = self.recipes.len() as u32;
        encode(&mut self.recipes);
        let recipe = start..self.recipes.len() as u32;
        self.rows.push(ExitRow { reason, kind, action, position, site, recipe })
    }

    /// The row of an exit, unless there is no such exit.
    pub fn get(&self, exit: ExitId) -> Option<&ExitRow> {
        self.rows.get(exit)
    }

    /// The encoded recipe of an exit.
    pub fn recipe_bytes(&self, row: &ExitRow) -> &[u8] {
        &self.recipes[row.recipe.start as usize..row.recipe.end as usize]
    }

    /// All exits.
    pub fn iter(&self) -> impl Iterator<Item = (ExitId, &ExitRow)> {
        self.rows.iter()
    }

    /// Number of exits.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Memory that the table takes.
    pub fn byte_size(&self) -> usize {
        self.recipes.len() + self.rows.len() * size_of::<ExitRow>()
    }
}

/// Whom a blob belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Code of a function of the program.
    Function(FunctionId),
    /// An adapter or another stub that all functions share.
    Stub(String),
}

/// What is to be installed, apart from the code itself.
#[derive(Clone, Debug)]
pub struct BlobSpec {
    /// Whom it belongs to.
    pub owner: Owner,
    /// At which tier it runs; `Interpreter` for stubs.
    pub tier: Tier,
    /// The compile that made it.
    pub compile: Option<CompileId>,
    /// Where it may be entered.
    pub entries: Entries,
    /// Its side exits.
    pub exits: ExitTable,
    /// Its source positions.
    pub positions: PositionTable,
    /// For code that works in an interpreter frame: distance from its frame pointer to the word that holds the address
    /// of register 0.
    pub registers_at: Option<i32>,
}

impl BlobSpec {
    /// A stub that belongs to nobody.
    pub fn stub(name: impl Into<String>) -> BlobSpec {
        BlobSpec {
            owner: Owner::Stub(name.into()),
            tier: Tier::Interpreter,
            compile: None,
            entries: Entries::default(),
            exits: ExitTable::default(),
            positions: PositionTable::default(),
            registers_at: None,
        }
    }

    /// Code of a function without side exits.
    pub fn function(function: FunctionId, tier: Tier, entries: Entries) -> BlobSpec {
        BlobSpec { owner: Owner::Function(function), tier, entries, ..BlobSpec::stub("") }
    }
}

/// One piece of installed machine code.
pub struct Blob {
    /// Its name for life; never reused.
    pub id: BlobId,
    /// Whom it belongs to.
    pub owner: Owner,
    /// At which tier it runs.
    pub tier: Tier,
    /// The compile that made it.
    pub compile: Option<CompileId>,
    /// Where it may be entered.
    pub entries: Entries,
    /// Its side exits.
    pub exits: ExitTable,
    /// Its source positions.
    pub positions: PositionTable,
    /// See [`BlobSpec::registers_at`].
    pub registers_at: Option<i32>,
    call_sites: Vec<CallSite>,
    source_map: Vec<SourceRange>,
    /// Address of the first instruction.
    start: usize,
    len: usize,
    /// Offsets in the region that were allocated for it.
    pub(super) block: Range<usize>,
    pub(super) state: BlobState,
    /// How recently it was seen running: see `cache.rs`.
    pub(super) hotness: u8,
}

impl Blob {
    pub(super) fn new(id: BlobId, spec: BlobSpec, code: MachineCode, start: usize, block: Range<usize>) -> Blob {
        debug_assert!(code.call_sites.is_sorted_by_key(|c| c.return_offset));
        debug_assert!(code.source_map.is_sorted_by_key(|s| s.range.start));
        debug_assert!(block.len().is_multiple_of(GRANULE));
        Blob {
            id,
            owner: spec.owner,
            tier: spec.tier,
            compile: spec.compile,
            entries: spec.entries,
            exits: spec.exits,
            positions: spec.positions,
            registers_at: spec.registers_at,
            call_sites: code.call_sites,
            source_map: code.source_map,
            start,
            len: code.bytes.len(),
            block,
            state: BlobState::InUse,
            hotness: 0,
        }
    }

    /// The addresses of its code.
    pub fn code(&self) -> Range<usize> {
        self.start..self.start + self.len
    }

    /// The function it belongs to, unless it is a stub.
    pub fn function(&self) -> Option<FunctionId> {
        match self.owner {
            Owner::Function(function) => Some(function),
            Owner::Stub(_) => None,
        }
    }

    /// The segment it lives in.
    pub fn segment(&self) -> Segment {
        Segment::of(self.tier)
    }

    /// Where it stands in its life.
    pub fn state(&self) -> BlobState {
        self.state
    }

    /// Whether new activations may begin.
    pub fn is_entrant(&self) -> bool {
        self.state == BlobState::InUse
    }

    /// Address of the direct entry.
    pub fn direct_entry(&self) -> Option<usize> {
        self.entries.direct.map(|offset| self.start + offset as usize)
    }

    /// Address of the generic entry.
    pub fn generic_entry(&self) -> Option<usize> {
        self.entries.generic.map(|offset| self.start + offset as usize)
    }

    /// Address of the entry for an activation that stands at `bytecode_offset`.
    pub fn osr_entry(&self, bytecode_offset: u32) -> Option<usize> {
        let found = self.entries.osr.binary_search_by_key(&bytecode_offset, |(offset, _)| *offset).ok()?;
        Some(self.start + self.entries.osr[found].1 as usize)
    }

    /// Its calls, by ascending return offset.
    pub fn call_sites(&self) -> &[CallSite] {
        &self.call_sites
    }

    /// The call that returns to this address.
    pub fn call_site(&self, return_address: usize) -> Option<&CallSite> {
        let offset = u32::try_from(return_address.checked_sub(self.start)?).ok()?;
        let found = self.call_sites.binary_search_by_key(&offset, |site| site.return_offset).ok()?;
        Some(&self.call_sites[found])
    }

    /// The source position of the instruction at `pc`. For a frame that waits for a call to return, pass the return
    /// address minus one.
    pub fn position_at(&self, pc: usize) -> Option<PositionId> {
        let offset = u32::try_from(pc.checked_sub(self.start)?).ok()?;
        let after = self.source_map.partition_point(|source| source.range.start <= offset);
        let source = &self.source_map[after.checked_sub(1)?];
        source.range.contains(&offset).then_some(source.position)
    }

    /// A position and those it was inlined at, innermost first.
    pub fn inlining_chain(&self, position: PositionId) -> impl Iterator<Item = Position> + '_ {
        let lookup = |id: PositionId| self.positions.get(id).copied();
        std::iter::successors(lookup(position), move |p| p.inlined_at.and_then(lookup))
    }

    /// The source ranges of its code, ascending.
    pub fn source_map(&self) -> &[SourceRange] {
        &self.source_map
    }

    /// Memory that its tables take.
    pub fn metadata_bytes(&self) -> usize {
        size_of::<Blob>()
            + self.exits.byte_size()
            + self.call_sites.len() * size_of::<CallSite>()
            + self.source_map.len() * size_of::<SourceRange>()
            + self.positions.len() * size_of::<Position>()
    }
}

impl PositionId {
    /// As a plain number, for Cranelift's source locations.
    pub fn bits(self) -> u32 {
        self.index() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob() -> Blob {
        let function = FunctionId::from_u32(1);
        let mut spec = BlobSpec::function(function, Tier::Optimized, Entries::direct());
        let outer = spec.positions.push(Position { function, bytecode_offset: 10, inlined_at: None });
        let inlinee = FunctionId::from_u32(2);
        let inner = spec.positions.push(Position { function: inlinee, bytecode_offset: 3, inlined_at: Some(outer) });
        spec.entries.osr = vec![(4, 16), (20, 32)];
        let exit =
            spec.exits.push(DeoptReason::Overflow, DeoptKind::Eager, DeoptAction::Reinterpret, inner, None, |out| {
                out.extend([7, 8, 9])
            });
        assert_eq!(exit, ExitId::from_u32(0));
        let code = MachineCode {
            bytes: vec![0; 100],
            alignment: 1,
            shift: 0,
            call_sites: vec![
                CallSite { return_offset: 20, position: Some(outer), checked: true },
                CallSite { return_offset: 50, position: None, checked: false },
            ],
            source_map: vec![
                SourceRange { range: 10..20, position: outer },
                SourceRange { range: 30..60, position: inner },
            ],
        };
        Blob::new(BlobId::from_u32(0), spec, code, 0x1000, 0..128)
    }

    #[test]
    fn a_return_address_leads_to_the_source() {
        let blob = blob();
        let site = blob.call_site(0x1000 + 20).unwrap();
        assert!(site.checked);
        assert_eq!(blob.position_at(0x1000 + 19), site.position);
        assert_eq!(blob.call_site(0x1000 + 21), None);
        for gap in [0, 20, 29, 60] {
            assert_eq!(blob.position_at(0x1000 + gap), None, "{gap}");
        }
        let chain: Vec<_> =
            blob.inlining_chain(blob.position_at(0x1000 + 40).unwrap()).map(|p| p.bytecode_offset).collect();
        assert_eq!(chain, [3, 10]);
    }

    #[test]
    fn entries_and_exits_are_found_by_name() {
        let blob = blob();
        assert_eq!(blob.direct_entry(), Some(0x1000));
        assert_eq!(blob.generic_entry(), None);
        assert_eq!(blob.osr_entry(20), Some(0x1020));
        assert_eq!(blob.osr_entry(5), None);
        let row = blob.exits.get(ExitId::from_u32(0)).unwrap();
        assert_eq!(blob.exits.recipe_bytes(row), [7, 8, 9]);
        assert!(blob.exits.get(ExitId::from_u32(1)).is_none());
    }
}
