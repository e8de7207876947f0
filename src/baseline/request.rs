//! What a baseline compile is told: everything that it needs from the heap, read beforehand by the VM's thread.

use crate::bytecode::function::FunctionCode;
use crate::bytecode::ops::SlotKind;
use crate::feedback::slot::{Access, ElementSlot, MAX_POLYMORPHIC, PropertyEntry, PropertySlot, TypesSlot, Unit};
use crate::runtime::cell::CellKind;
use crate::runtime::function::FunctionInfo;
use crate::runtime::runtime::Runtime;
use crate::runtime::shape::{ElementsKind, Integrity};
use crate::runtime::typed::ElementType;
use crate::vocab::ids::ShapeId;
use crate::vocab::{FunctionId, Tier};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::sync::Arc;

/// How many inline-cache entries a fragment tries before it calls the helper.
const INLINE_ENTRIES: usize = 2;

/// What a site has seen so far: which inline paths are worth their code.
#[derive(Clone, Debug)]
pub enum Hint {
    /// `seen` bits of an operator.
    Types(u32),
    /// Inline-cache entries.
    Property(SmallVec<[PropertyEntry; INLINE_ENTRIES]>),
    /// Arrays of one shape.
    Array {
        /// The shape.
        shape: u32,
        /// How it stores elements.
        kind: ElementsKind,
        /// Whether existing elements may be overwritten.
        writable: bool,
    },
    /// Element access: the shape of typed arrays that the site saw last.
    Typed {
        /// The shape.
        shape: u32,
        /// What their elements are.
        ty: ElementType,
    },
}

/// A baseline compile to be done.
#[derive(Clone, Debug)]
pub struct Request {
    /// The function.
    pub function: Arc<FunctionCode>,
    /// Its id.
    pub id: FunctionId,
    /// Tier 1, 2 or 3.
    pub tier: Tier,
    /// Whether the code counts the bytecodes that it retires.
    pub counts_bytecodes: bool,
    /// Whether to keep the Cranelift text.
    pub keep_clif: bool,
    pub(super) info: u64,
    pub(super) flags: u32,
    pub(super) code: u64,
    pub(super) feedback: u64,
    pub(super) cells: u64,
    pub(super) global: u64,
    /// The atom `length`.
    pub(super) length: u64,
    pub(super) constants: Box<[u64]>,
    pub(super) hints: FxHashMap<u16, Hint>,
}

impl Request {
    /// Reads what a compile of this function needs. To be called on the VM's thread. The addresses stay valid as long as
    /// the runtime lives: infos, feedback vectors and constants are never moved.
    pub fn new(rt: &mut Runtime, info: *mut FunctionInfo, tier: Tier, counts_bytecodes: bool) -> Request {
        debug_assert!(matches!(tier, Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling));
        // SAFETY: infos live as long as the runtime.
        if !unsafe { (*info).is_prepared() } {
            rt.prepare_function(info);
        }
        // SAFETY: as above.
        let f = unsafe { &*info };
        let mut hints = FxHashMap::default();
        for slot in &f.function.slots {
            // SAFETY: the frontend's slot table describes the vector of a prepared function.
            let hint = unsafe { hint_of(rt, slot.kind, f.feedback.add(slot.index as usize)) };
            if let Some(hint) = hint {
                hints.insert(slot.index, hint);
            }
        }
        Request {
            function: f.function.clone(),
            id: f.id,
            tier,
            counts_bytecodes,
            keep_clif: false,
            info: info as u64,
            flags: f.flags,
            code: f.code as u64,
            feedback: f.feedback as u64,
            cells: f.cells as u64,
            global: rt.realm.global.value().0,
            length: rt.atoms.names.length.value().0,
            constants: f.constants().iter().map(|v| v.0).collect(),
            hints,
        }
    }

    pub(super) fn profiles(&self) -> bool {
        self.tier == Tier::BaselineProfiling
    }

    pub(super) fn counts(&self) -> bool {
        self.tier != Tier::Baseline
    }
}

/// # Safety
/// `slot` points to a slot of the given kind.
unsafe fn hint_of(rt: &Runtime, kind: SlotKind, slot: *const Unit) -> Option<Hint> {
    // SAFETY: promised by the caller.
    unsafe {
        match kind {
            SlotKind::Types => {
                let seen = (*slot.cast::<TypesSlot>()).seen;
                (seen != 0).then_some(Hint::Types(seen))
            }
            SlotKind::Property => {
                let entries = &(*slot.cast::<PropertySlot>()).entries;
                let used = entries.iter().take(INLINE_ENTRIES).take_while(|e| e.access != Access::None);
                let used: SmallVec<[PropertyEntry; INLINE_ENTRIES]> = used.copied().collect();
                (!used.is_empty()).then_some(Hint::Property(used))
            }
            SlotKind::Element => array_hint(rt, &*slot.cast::<ElementSlot>()),
            SlotKind::Call | SlotKind::Literal => None,
        }
    }
}

fn array_hint(rt: &Runtime, slot: &ElementSlot) -> Option<Hint> {
    /// Shapes below are those of primitives.
    const FIRST_OBJECT_SHAPE: u32 = 5;
    // The latest is the widest: arrays change from narrow elements kinds to wide ones.
    let last = (slot.len as usize).min(MAX_POLYMORPHIC).checked_sub(1)?;
    let id = if slot.stored[last] >= FIRST_OBJECT_SHAPE { slot.stored[last] } else { slot.shapes[last] };
    if id < FIRST_OBJECT_SHAPE {
        return None;
    }
    let shape = rt.shapes.get_live(ShapeId::from_u32(id))?;
    if let Some(ty) = ElementType::of(shape.kind) {
        return Some(Hint::Typed { shape: id, ty });
    }
    (shape.kind == CellKind::Array).then_some(Hint::Array {
        shape: id,
        kind: shape.elements,
        writable: shape.is_cacheable() && shape.integrity == Integrity::Extensible,
    })
}
