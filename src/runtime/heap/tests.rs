//! The heap on synthetic graphs: what is reachable survives unharmed, what is not goes, and each rule that users of the
//! heap must keep is one whose breach the verifier sees.

use super::block::Blocks;
use super::*;
use crate::runtime::cell::{CellKind, STATE_OLD};
use crate::runtime::rootvec::RootVec;
use crate::runtime::value::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Everything on.
fn stress() -> HeapConfig {
    HeapConfig { stress_gc: true, poison_freed: true, verify: true, ..HeapConfig::default() }
}

/// Ordinary triggers, but small, and checked.
fn checked() -> HeapConfig {
    HeapConfig { nursery_bytes: 64 << 10, poison_freed: true, verify: true, ..HeapConfig::default() }
}

/// Runs `f` in a frame below the stack base, as the VM runs programs.
fn on_heap<R>(config: HeapConfig, f: impl FnOnce(&mut Heap) -> R) -> R {
    #[inline(never)]
    fn below<R>(heap: &mut Heap, f: impl FnOnce(&mut Heap) -> R) -> R {
        f(heap)
    }
    let mut heap = Heap::new(config).expect("address space");
    assert_eq!(heap.set_stack_base(stack_pointer()), 0);
    below(&mut heap, f)
}

fn word(cell: Value, i: usize) -> Value {
    // SAFETY: tests index cells they made.
    unsafe { *(cell.as_cell_addr() as *const Value).add(i) }
}

fn set_without_barrier(cell: Value, i: usize, value: Value) {
    // SAFETY: as in `word`.
    unsafe { *(cell.as_cell_addr() as *mut Value).add(i) = value }
}

fn set(heap: &mut Heap, cell: Value, i: usize, value: Value) {
    set_without_barrier(cell, i, value);
    // SAFETY: as in `word`.
    unsafe { heap.write_barrier(cell.as_cell_addr() as *mut Cell) };
}

fn set_element(heap: &mut Heap, array: Value, i: usize, value: Value) {
    set_without_barrier(array, 1 + i, value);
    let cell = array.as_cell_addr() as *mut Cell;
    // SAFETY: as in `word`.
    unsafe { heap.write_barrier_slot(cell, cell.cast::<Value>().add(1 + i)) };
}

fn state(cell: Value) -> u8 {
    // SAFETY: tests look at cells they hold.
    unsafe { (*(cell.as_cell_addr() as *const Cell)).state }
}

/// A 32-byte object with three words of payload.
fn node(heap: &mut Heap, a: Value, b: Value, c: Value) -> Value {
    let cell = Value::cell_ptr(heap.alloc(32, CellKind::Object));
    for (i, value) in [a, b, c].into_iter().enumerate() {
        set_without_barrier(cell, 1 + i, value);
    }
    cell
}

fn array(heap: &mut Heap, length: usize) -> Value {
    let cell = heap.alloc(8 + 8 * length, CellKind::Elements);
    // SAFETY: the cell has room for that many entries, all of them zero.
    unsafe { (*cell).shape = length as u32 };
    Value::cell_ptr(cell)
}

fn tree(heap: &mut Heap, depth: usize) -> Value {
    if depth == 0 {
        return node(heap, Value::int(1), Value::NULL, Value::NULL);
    }
    let left = tree(heap, depth - 1);
    let right = tree(heap, depth - 1);
    node(heap, Value::int(1), left, right)
}

fn tree_size(tree: Value) -> i32 {
    if tree.is_null() { 0 } else { word(tree, 1).as_int() + tree_size(word(tree, 2)) + tree_size(word(tree, 3)) }
}

/// Makes garbage, and wipes the stack below of stale pointers.
#[inline(never)]
fn churn(heap: &mut Heap, cells: usize) {
    for i in 0..cells {
        std::hint::black_box(node(heap, Value::int(i as i32), Value::NULL, Value::NULL));
    }
    std::hint::black_box([0u64; 64]);
}

/// What the verifier says about the heap as it is.
fn verdict(heap: &mut Heap) -> Result<(), String> {
    for class in 0..CLASS_COUNT {
        heap.finish_run(class);
    }
    heap.large.sort();
    catch_unwind(AssertUnwindSafe(|| heap.verify_before())).map_err(|panic| *panic.downcast::<String>().unwrap())
}

#[test]
fn trees_survive_stress_while_their_siblings_are_freed() {
    on_heap(stress(), |heap| {
        let long_lived = tree(heap, 6);
        for _ in 0..4 {
            let short_lived = tree(heap, 4);
            assert_eq!(tree_size(short_lived), 31);
        }
        assert_eq!(tree_size(long_lived), 127);
        let stats = heap.stats();
        assert!(stats.young_collections > 200 && stats.full_collections > 10, "{stats:?}");
    });
}

#[test]
fn trees_survive_ordinary_collections() {
    on_heap(checked(), |heap| {
        let long_lived = tree(heap, 12);
        for _ in 0..100 {
            let short_lived = tree(heap, 8);
            assert_eq!(tree_size(short_lived), 511);
        }
        assert_eq!(tree_size(long_lived), 8191);
        heap.collect(true);
        let stats = heap.stats();
        assert!(stats.young_collections > 20);
        assert!(stats.live_bytes < 2 * 8191 * 32, "short-lived trees are kept: {stats:?}");
        assert_eq!(stats.allocated_bytes - stats.freed_bytes, stats.live_bytes);
    });
}

#[test]
fn a_queue_gives_back_what_leaves_it() {
    on_heap(checked(), |heap| {
        let mut ends = RootVec::new(heap);
        start(heap, &mut ends);
        for i in 1..100_000 {
            let new = node(heap, Value::int(i), Value::NULL, Value::NULL);
            set(heap, ends[1], 2, new);
            ends[1] = new;
            if i > 1000 {
                assert_eq!(word(ends[0], 1), Value::int(i - 1001));
                ends[0] = word(ends[0], 2);
            }
        }
        heap.collect(true);
        assert!(heap.stats().live_bytes < 200_000, "{:?}", heap.stats());
    });
    // Not in the frame above, where a stale copy of the first node would keep all that ever followed it.
    #[inline(never)]
    fn start(heap: &mut Heap, ends: &mut RootVec) {
        let first = node(heap, Value::int(0), Value::NULL, Value::NULL);
        ends.extend([first, first]);
    }
}

#[test]
fn a_long_list_is_marked_without_recursion() {
    on_heap(HeapConfig { verify: true, ..HeapConfig::default() }, |heap| {
        let mut list = Value::NULL;
        for i in 0..500_000 {
            list = node(heap, Value::int(i), list, Value::NULL);
        }
        heap.collect(true);
        let mut length = 0;
        while !list.is_null() {
            length += 1;
            list = word(list, 2);
        }
        assert_eq!(length, 500_000);
    });
}

#[test]
fn every_size_is_zeroed_and_knows_its_size() {
    on_heap(checked(), |heap| {
        for round in 0..3 {
            for bytes in (16..2000).step_by(16).chain((2000..MAX_SMALL_BYTES).step_by(500)).chain([20_000, 300_000]) {
                let cell = heap.alloc(bytes, CellKind::Bytes);
                // SAFETY: the cell was just allocated.
                unsafe {
                    let size = heap.cell_bytes(cell);
                    assert!(size >= bytes && (bytes > 512 || size == bytes));
                    assert_eq!(size, Heap::cell_class_bytes(bytes));
                    assert_eq!((*cell).kind, CellKind::Bytes);
                    assert_eq!(((*cell).shape, (*cell).state, (*cell).aux), (0, 0, 0));
                    let payload = std::slice::from_raw_parts_mut(cell.cast::<u64>().add(1), size / 8 - 1);
                    assert!(payload.iter().all(|&word| word == 0), "round {round}, {bytes} bytes");
                    payload.fill(u64::MAX);
                }
            }
            heap.collect(round == 1);
        }
    });
}

#[test]
fn interior_pointers_keep_small_and_large_cells() {
    for length in [10, 500, 1500, 5000, 100_000] {
        on_heap(checked(), |heap| {
            #[inline(never)]
            fn make(heap: &mut Heap, length: usize) -> *const Value {
                let elements = array(heap, length);
                for i in 0..length {
                    set_element(heap, elements, i, Value::int(i as i32));
                }
                let child = node(heap, Value::int(7), Value::NULL, Value::NULL);
                set_element(heap, elements, length - 1, child);
                // SAFETY: the last element lies in the cell.
                unsafe { (elements.as_cell_addr() as *const Value).add(length) }
            }
            let last = make(heap, length);
            for full in [false, true, false] {
                churn(heap, 5000);
                heap.collect(full);
            }
            // SAFETY: the pointer has kept the cell.
            let (child, before) = unsafe { (*last, *last.sub(1)) };
            assert_eq!(word(child, 1), Value::int(7));
            assert_eq!(before, Value::int(length as i32 - 2));
        });
    }
}

#[test]
fn large_cells_are_freed_and_leave_the_footprint() {
    on_heap(checked(), |heap| {
        let mut kept = RootVec::new(heap);
        for i in 0..200 {
            let elements = array(heap, 3000 + i * 200);
            if i % 10 == 0 {
                kept.push(elements);
            }
        }
        heap.collect(true);
        let total: usize = kept.iter().map(|cell| 8 + 8 * word_count(*cell)).sum();
        assert!(heap.large.bytes() < total + 1_000_000, "{} of {total}", heap.large.bytes());
        assert!(heap.large.bytes() >= total);
        drop(kept);
        heap.collect(true);
        assert!(heap.large.bytes() < 1_000_000);
    });
    fn word_count(cell: Value) -> usize {
        // SAFETY: the cell is alive.
        unsafe { (*(cell.as_cell_addr() as *const Cell)).shape as usize }
    }
}

#[test]
fn outgrown_large_cells_are_freed_at_once() {
    for collect_between in [false, true] {
        on_heap(checked(), |heap| {
            let mut kept = RootVec::new(heap);
            let outgrown = array(heap, 30_000);
            kept.push(outgrown);
            let other = array(heap, 20_000);
            kept.push(other);
            if collect_between {
                heap.collect(true);
                // An old cell with a recorded slot: the collector must not look there any more.
                let child = tree(heap, 0);
                set_element(heap, outgrown, 7, child);
            }
            let before = heap.large.bytes();
            kept.clear();
            kept.push(other);
            let cell = outgrown.as_cell_addr() as *mut Cell;
            // SAFETY: nothing reads the cell any more.
            unsafe { heap.free_outgrown(cell) };
            assert_eq!(before - heap.large.bytes(), 8 * 30_000 + 16);
            let again = array(heap, 30_000);
            assert_eq!(again.as_cell_addr(), outgrown.as_cell_addr(), "its memory serves the next of its size");
            kept.push(again);
            heap.collect(false);
            heap.collect(true);
            assert_eq!(before, heap.large.bytes());
            drop(kept);
            heap.collect(true);
            let stats = heap.stats();
            assert_eq!(stats.allocated_bytes - stats.freed_bytes, stats.live_bytes);
        });
    }
}

#[test]
fn values_in_locals_registers_and_the_vm_stack_are_roots() {
    on_heap(stress(), |heap| {
        let (a, b, c) = (tree(heap, 2), tree(heap, 2), tree(heap, 2));
        let mut stack = vec![0u64; 64].into_boxed_slice();
        let mut sp = stack.as_ptr();
        // SAFETY: stack and sp outlive the heap's use of them.
        unsafe { heap.set_vm_stack(stack.as_ptr(), &raw const sp) };
        for i in 0..32 {
            let tree = tree(heap, 1);
            // The boxed slice itself is malloc'd memory: only the registered range makes these roots.
            // SAFETY: in bounds; written through the pointer that the collector reads.
            unsafe { *stack.as_mut_ptr().add(i) = tree.0 };
            // SAFETY: a local of this frame.
            unsafe { (&raw mut sp).write_volatile(stack.as_ptr().add(i + 1)) };
        }
        churn(heap, 50);
        assert!(stack[..32].iter().all(|&tree| tree_size(Value(tree)) == 3));
        assert_eq!(tree_size(a) + tree_size(b) + tree_size(c), 21);
    });
}

#[test]
fn root_vecs_are_roots_exactly_as_long_as_they_exist() {
    on_heap(checked(), |heap| {
        let mut first = RootVec::with_capacity(heap, 100);
        let second = RootVec::from_vec(heap, vec![Value::int(1), Value::NULL, Value::EMPTY]);
        let mut third = RootVec::new(heap);
        for _ in 0..100 {
            first.push(tree(heap, 5));
            third.push(tree(heap, 5));
        }
        drop(second);
        heap.collect(true);
        assert!(heap.stats().live_bytes >= 200 * 63 * 32);
        assert!(first.iter().chain(third.iter()).all(|&tree| tree_size(tree) == 63));
        drop(first);
        heap.collect(true);
        assert!(third.iter().all(|&tree| tree_size(tree) == 63));
        assert!(heap.stats().live_bytes < 110 * 63 * 32);
    });
}

#[test]
fn a_root_vec_may_outlive_its_heap() {
    let heap = Heap::new(HeapConfig::default()).unwrap();
    let (mut a, b) = (RootVec::new(&heap), RootVec::new(&heap));
    drop(heap);
    a.push(Value::NULL);
    drop(a);
    drop(b);
}

#[derive(Default)]
struct Tables {
    strong: Vec<Value>,
    weak: Vec<Value>,
    told: [usize; 2],
}

fn strong_roots(data: *mut (), visitor: &mut RootVisitor<'_>) {
    // SAFETY: registered with a pointer to Tables, which nothing borrows during an allocation.
    let tables = unsafe { &mut *data.cast::<Tables>() };
    tables.told[visitor.is_full() as usize] += 1;
    visitor.visit_slice(&tables.strong);
    visitor.visit_cell(std::ptr::null());
}

fn weak_table(data: *mut (), liveness: &Liveness<'_>) {
    // SAFETY: as in `strong_roots`.
    let tables = unsafe { &mut *data.cast::<Tables>() };
    tables.weak.retain(|cell| liveness.is_live(cell.as_cell_addr() as *const Cell));
}

#[test]
fn sources_are_strong_and_weak_tables_lose_the_dead() {
    let tables = Box::into_raw(Box::<Tables>::default());
    on_heap(checked(), |heap| {
        heap.add_root_source(strong_roots, tables.cast());
        heap.add_weak_table(weak_table, tables.cast());
        for i in 0..1000 {
            let cell = if i % 5 == 0 { array(heap, 4000) } else { tree(heap, 2) };
            // SAFETY: no collection runs meanwhile.
            unsafe {
                (*tables).weak.push(cell);
                if i % 2 == 0 {
                    (*tables).strong.push(cell);
                }
            }
        }
        churn(heap, 10_000);
        heap.collect(true);
        // SAFETY: no collection runs meanwhile.
        let tables = unsafe { &*tables };
        assert!(tables.told[0] > 0 && tables.told[1] > 0);
        assert!((500..520).contains(&tables.weak.len()), "{} survive", tables.weak.len());
        assert!(tables.strong.iter().all(|cell| tables.weak.contains(cell)));
    });
    // SAFETY: made above, and the heap is gone.
    drop(unsafe { Box::from_raw(tables) });
}

#[test]
fn an_old_cell_keeps_what_is_stored_into_it() {
    for config in [stress(), checked()] {
        on_heap(config, |heap| {
            let mut holder = RootVec::new(heap);
            holder.push(node(heap, Value::NULL, Value::NULL, Value::NULL));
            holder.push(array(heap, 1000));
            heap.collect(false);
            assert_eq!((state(holder[0]), state(holder[1])), (STATE_OLD, STATE_OLD));
            for i in 0..300 {
                let tree = tree(heap, 1);
                set(heap, holder[0], 1 + i % 3, tree);
                set_element(heap, holder[1], i, tree);
            }
            churn(heap, 20);
            heap.collect(false);
            assert!((0..300).all(|i| tree_size(word(holder[1], 1 + i)) == 3));
            assert!((0..3).all(|i| word(holder[0], 1 + i) == word(holder[1], 1 + 297 + i)));
        });
    }
}

#[test]
fn large_arrays_remember_slots_in_any_order() {
    const LENGTH: usize = 4000;
    let orders: [fn(usize) -> usize; 4] =
        [|i| i, |i| LENGTH - 1 - i, |i| i * 1237 % LENGTH, |i| i / 2 + i % 2 * (LENGTH / 2)];
    for order in orders {
        on_heap(HeapConfig { nursery_bytes: 40_000, ..checked() }, |heap| {
            let elements = array(heap, LENGTH);
            heap.collect(false);
            for i in 0..LENGTH {
                let new = node(heap, Value::int(i as i32), Value::NULL, Value::NULL);
                set_element(heap, elements, order(i), new);
            }
            heap.collect(false);
            assert!((0..LENGTH).all(|i| word(word(elements, 1 + order(i)), 1) == Value::int(i as i32)));
        });
    }
}

#[test]
fn a_large_array_written_all_over_is_remembered_whole() {
    on_heap(HeapConfig { verify: true, ..HeapConfig::default() }, |heap| {
        let elements = array(heap, 10_000);
        heap.collect(false);
        for i in 0..10_000 {
            let new = node(heap, Value::int(i), Value::NULL, Value::NULL);
            set_element(heap, elements, i as usize * 3 % 10_000, new);
            assert!(heap.remembered_slots.len() <= 5_001);
        }
        assert_eq!(heap.large.remembered().count(), 1);
        heap.collect(false);
        assert_eq!((heap.large.remembered().count(), heap.remembered_slots.len()), (0, 0));
        assert_eq!(state(elements), STATE_OLD);
        assert!((0..10_000).all(|i| word(word(elements, 1 + i * 3 % 10_000), 1) == Value::int(i as i32)));
    });
}

#[test]
fn the_verifier_sees_a_missing_barrier() {
    on_heap(HeapConfig::default(), |heap| {
        let old = node(heap, Value::NULL, Value::NULL, Value::NULL);
        heap.collect(false);
        let new = node(heap, Value::NULL, Value::NULL, Value::NULL);
        assert_eq!(verdict(heap), Ok(()));
        set_without_barrier(old, 1, new);
        assert!(verdict(heap).unwrap_err().contains("a write barrier is missing"));
        set(heap, old, 1, new);
        assert_eq!(verdict(heap), Ok(()));
    });
}

#[test]
fn the_verifier_sees_words_that_are_no_cells() {
    on_heap(HeapConfig { poison_freed: true, ..HeapConfig::default() }, |heap| {
        let cell = node(heap, Value::NULL, Value::NULL, Value::NULL);
        let free_neighbour = Value(cell.0 + 32);
        for bad in [Value(cell.0 + 16), free_neighbour, Value(0x1000), Value(verify::POISON)] {
            set_without_barrier(cell, 1, bad);
            assert!(verdict(heap).unwrap_err().contains(&format!("holds {:#x}", bad.0)));
        }
        set_without_barrier(cell, 1, Value::NULL);
        // SAFETY: the cell is alive; a count that does not fit is what the verifier must notice.
        unsafe {
            let cell = cell.as_cell_addr() as *mut Cell;
            (*cell).kind = CellKind::Slots;
            (*cell).shape = 4;
        }
        assert!(verdict(heap).unwrap_err().contains("claims 4 entries"));
    });
}

#[test]
fn freed_cells_are_poisoned() {
    on_heap(HeapConfig { poison_freed: true, ..HeapConfig::default() }, |heap| {
        #[inline(never)]
        fn make(heap: &mut Heap) -> Vec<usize> {
            (0..1000).map(|i| !node(heap, Value::int(i), Value::NULL, Value::NULL).as_cell_addr()).collect()
        }
        let hidden = make(heap);
        heap.collect(false);
        // SAFETY: the blocks of the freed cells are still mapped.
        let poisoned = hidden.iter().filter(|&&cell| unsafe { *((!cell + 8) as *const u64) == verify::POISON }).count();
        assert!(poisoned > 990, "{poisoned} of 1000");
    });
}

/// Does what compiled code does: bumps the interval through the offsets it is told.
#[inline(never)]
fn allocate_inline(heap: &mut Heap, bytes: usize, kind: CellKind) -> (*mut Cell, bool) {
    // SAFETY: the offsets lie inside the heap; the cell is initialized before anything else is allocated.
    unsafe {
        let seg = (heap as *mut Heap).cast::<u8>().add(Heap::seg_offset(bytes));
        let (cur, limit) = (seg.add(SEG_CUR).cast::<usize>(), seg.add(SEG_LIMIT).cast::<usize>());
        let cell = *cur;
        if cell + Heap::cell_class_bytes(bytes) <= *limit {
            *cur = cell + Heap::cell_class_bytes(bytes);
            *(cell as *mut u64) = (kind as u64) << 32;
            (cell as *mut Cell, true)
        } else {
            (heap.alloc(bytes, kind), false)
        }
    }
}

#[test]
fn inline_allocation_is_the_same_allocation() {
    for (config, minimum, maximum) in [(stress(), 0, 0), (checked(), 3500, 4000)] {
        on_heap(config, |heap| {
            let mut cells = RootVec::new(heap);
            let mut fast = 0;
            for i in 0..4000u32 {
                let (cell, was_inline) = allocate_inline(heap, 48, CellKind::Slots);
                // SAFETY: three of the cell's five slots are in use.
                unsafe {
                    (*cell).shape = 3;
                    for k in 1..4 {
                        *cell.cast::<Value>().add(k) = Value::from_u32(i);
                    }
                }
                fast += was_inline as usize;
                if heap.config().stress_gc && i > 100 {
                    break;
                }
                if i % 7 == 0 {
                    cells.push(Value::cell_ptr(cell));
                }
            }
            assert!((minimum..=maximum).contains(&fast), "{fast} inline");
            heap.collect(true);
            assert!(cells.iter().enumerate().all(|(i, &cell)| word(cell, 3) == Value::int(i as i32 * 7)));
        });
    }
}

fn raise(data: *mut ()) {
    // SAFETY: registered with a pointer to a u32.
    unsafe { *data.cast::<u32>() += 1 };
}

#[test]
fn the_limit_is_reported_once_and_garbage_never_reaches_it() {
    let mut raised = 0u32;
    let raised_pointer = &raw mut raised;
    on_heap(HeapConfig { max_heap_bytes: 8 << 20, ..HeapConfig::default() }, |heap| {
        heap.set_limit_hook(raise, raised_pointer.cast());
        churn(heap, 1_000_000);
        for _ in 0..100 {
            array(heap, 100_000);
        }
        assert!(!heap.limit_exceeded());
        let mut kept = RootVec::new(heap);
        while !heap.limit_exceeded() {
            kept.push(tree(heap, 8));
            assert!(heap.footprint_bytes() <= heap.limit_bytes() + class::BLOCK_BYTES);
        }
        assert!(heap.stats().live_bytes > 6 << 20);
        kept.push(array(heap, 200_000));
        assert!(heap.footprint_bytes() > heap.limit_bytes());
        kept.clear();
        heap.collect(true);
        assert!(!heap.limit_exceeded());
    });
    assert_eq!(raised, 1);
}

#[test]
fn try_alloc_refuses_what_does_not_fit() {
    on_heap(HeapConfig { max_heap_bytes: 8 << 20, ..HeapConfig::default() }, |heap| {
        assert!(heap.try_alloc(9 << 20, CellKind::Bytes).is_none());
        assert!(heap.try_alloc(usize::MAX, CellKind::Bytes).is_none());
        let mut kept = RootVec::new(heap);
        while let Some(cell) = heap.try_alloc(1 << 20, CellKind::Bytes) {
            kept.push(Value::cell_ptr(cell));
        }
        assert!((7..=8).contains(&kept.len()), "{}", kept.len());
        assert!(!heap.limit_exceeded());
        kept.clear();
        assert!(heap.try_alloc(4 << 20, CellKind::Bytes).is_some(), "collects before it refuses");
        assert!(heap.try_alloc(64, CellKind::Object).is_some());
    });
}

#[test]
fn external_memory_counts() {
    on_heap(HeapConfig { max_heap_bytes: 64 << 20, ..HeapConfig::default() }, |heap| {
        heap.add_external_bytes(63 << 20);
        assert!(heap.try_alloc(2 << 20, CellKind::Bytes).is_none());
        heap.remove_external_bytes(60 << 20);
        assert!(heap.try_alloc(2 << 20, CellKind::Bytes).is_some());
    });
}

#[test]
fn each_collection_is_an_event_with_its_cause() {
    on_heap(HeapConfig { nursery_bytes: 1 << 20, ..HeapConfig::default() }, |heap| {
        heap.watch_collections();
        churn(heap, 100_000);
        heap.collect(true);
        let (events, dropped) = heap.take_gc_events();
        assert_eq!(dropped, 0);
        assert_eq!(
            events.iter().map(|e| e.cause).collect::<Vec<_>>(),
            [GcCause::Nursery, GcCause::Nursery, GcCause::Explicit]
        );
        assert!(events[2].full && !events[0].full);
        assert!(events.iter().all(|e| e.pause_ns > 0 && e.freed_bytes > e.allocated_bytes / 10 * 9));
        let stats = heap.stats();
        assert_eq!(events.iter().map(|e| e.allocated_bytes).sum::<u64>(), stats.allocated_bytes);
        assert_eq!(stats.total_pause_ns, events.iter().map(|e| e.pause_ns).sum::<u64>());
        assert!(heap.take_gc_events().0.is_empty());
        for _ in 0..4102 {
            heap.collect(false);
        }
        let (events, dropped) = heap.take_gc_events();
        assert_eq!((events.len(), dropped), (4096, 6));
    });
}

#[test]
fn the_nursery_grows_where_much_survives_and_only_there() {
    let config = HeapConfig { nursery_bytes: 64 << 10, adaptive: true, ..HeapConfig::default() };
    on_heap(config, |heap| {
        churn(heap, 100_000);
        assert_eq!(heap.nursery_now_bytes, 64 << 10);
        let mut list = Value::NULL;
        for i in 0..100_000 {
            list = node(heap, Value::int(i), list, Value::NULL);
        }
        assert_eq!(heap.nursery_now_bytes, 1 << 20);
        assert_eq!(word(list, 1), Value::int(99_999));
    });
}

#[test]
fn dead_old_cells_in_the_way_are_collected() {
    on_heap(HeapConfig { nursery_bytes: 64 << 10, adaptive: true, ..HeapConfig::default() }, |heap| {
        // Every other cell of each nursery lives until the next: long enough to be taken for old.
        let kept = array(heap, 4000);
        for i in 0..400_000 {
            let new = node(heap, Value::int(i), Value::NULL, Value::NULL);
            if i % 8 == 0 {
                set_element(heap, kept, i as usize / 8 % 4000, new);
            }
        }
        assert!(heap.stats().full_collections > 0);
        assert!(heap.stats().full_collections * 8 <= heap.stats().young_collections);
        assert_eq!(word(word(kept, 1 + 7), 1).as_int() % 8, 0);
    });
}

#[test]
fn nothing_is_collected_before_the_stack_base_is_set() {
    let mut heap = Heap::new(stress()).unwrap();
    let hidden: Vec<Value> = (0..100).map(|i| node(&mut heap, Value::int(i), Value::NULL, Value::NULL)).collect();
    heap.collect(true);
    assert!((0..100).all(|i| word(hidden[i], 1) == Value::int(i as i32)));
    assert_eq!(heap.stats().full_collections, 0);
}

#[test]
fn a_heap_whose_live_size_doubles_is_collected_fully() {
    on_heap(HeapConfig::default(), |heap| {
        heap.watch_collections();
        let mut kept = RootVec::new(heap);
        while heap.stats().full_collections == 0 {
            kept.push(tree(heap, 10));
        }
        let live = heap.stats().live_bytes as usize;
        assert!(live > collect::MIN_FULL_THRESHOLD_BYTES && live < collect::MIN_FULL_THRESHOLD_BYTES + (16 << 20));
        let (events, _) = heap.take_gc_events();
        assert_eq!(events.last().map(|event| event.cause), Some(GcCause::Growth));
    });
}

/// A graph of 60 named cells of all sizes, rewired at random, against a model of it in ordinary memory.
fn rewire(config: HeapConfig, steps: usize, mut seed: u64) {
    const CELLS: usize = 60;
    on_heap(config, |heap| {
        let mut random = |below: usize| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) as usize % below
        };
        // Only one cell is a root: a table of all others, each of which also refers to some others.
        let table = array(heap, CELLS);
        let mut model: Vec<Option<(usize, Vec<Option<usize>>)>> = vec![None; CELLS];
        let mut name = 0;
        for step in 0..steps {
            let i = random(CELLS);
            match (random(4), &mut model[i]) {
                (0, _) | (_, None) => {
                    name += 1;
                    let length = [2, 3, 10, 100, 1000, 2500][random(6)];
                    let cell = array(heap, length);
                    set_element(heap, cell, 0, Value::int(name));
                    set_element(heap, table, i, cell);
                    model[i] = Some((name as usize, vec![None; length - 1]));
                }
                (1, slot) => {
                    // Old neighbours may still refer to the cell by what is only an edge: forget those as well.
                    set_element(heap, table, i, Value::NULL);
                    let gone = slot.take().unwrap().0;
                    for (k, other) in model.iter_mut().enumerate() {
                        let Some((_, edges)) = other else { continue };
                        for (e, edge) in edges.iter_mut().enumerate().filter(|(_, edge)| **edge == Some(gone)) {
                            *edge = None;
                            set_element(heap, word(table, 1 + k), 1 + e, Value::NULL);
                        }
                    }
                }
                (_, Some(_)) => {
                    let target = random(CELLS);
                    let target_name = model[target].as_ref().map(|(name, _)| *name);
                    let edges = &mut model[i].as_mut().unwrap().1;
                    let e = random(edges.len());
                    edges[e] = target_name;
                    let value = if target_name.is_some() { word(table, 1 + target) } else { Value::NULL };
                    set_element(heap, word(table, 1 + i), 1 + e, value);
                }
            }
            if step % 64 == 0 {
                churn(heap, random(50));
            }
        }
        for (i, expected) in model.iter().enumerate() {
            let Some((name, edges)) = expected else { continue };
            let cell = word(table, 1 + i);
            assert_eq!(word(cell, 1), Value::int(*name as i32));
            for (e, edge) in edges.iter().enumerate() {
                let value = word(cell, 2 + e);
                match edge {
                    Some(name) => assert_eq!(word(value, 1), Value::int(*name as i32)),
                    None => assert!(value.is_null() || value.is_empty()),
                }
            }
        }
        heap.collect(true);
        assert!(heap.stats().freed_bytes > heap.stats().allocated_bytes / 3);
    });
}

#[test]
fn random_rewiring_agrees_with_a_model() {
    rewire(stress(), 400, 1);
    for seed in 2..4 {
        rewire(HeapConfig { nursery_bytes: 20_000, ..checked() }, 3_000, seed);
        rewire(HeapConfig { nursery_bytes: 300_000, ..HeapConfig::default() }, 20_000, seed);
    }
}

#[test]
fn heaps_on_several_threads_are_independent() {
    let threads: Vec<_> = (0..3)
        .map(|i| std::thread::spawn(move || rewire(HeapConfig { nursery_bytes: 50_000, ..checked() }, 1000, 100 + i)))
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn the_base_of_the_reservation_is_no_cell() {
    let mut blocks = Blocks::new(1 << 20).unwrap();
    let block = blocks.take(16).unwrap();
    assert!(blocks.address_of(block) > blocks.base());
}
