//! Allocation and collection on synthetic object graphs.
//!
//! `cargo bench --bench heap [-- PROGRAM SIZE [NURSERY_KB]]`; without arguments, each program at its usual size.
//!
//! * `trees N`: binary trees of the benchmarks game, depth N. Short-lived structure, bulk death.
//! * `queue K`: 30 million nodes through a queue that is K thousand long. Everything survives exactly once or twice.
//! * `table M`: M thousand pairs of nodes in arrays, then 4 million replacements with some garbage each.
//! * `push M`: pushes M million nodes onto one growing array.
//! * `shuffle M`: swaps at random in an array of M million nodes, with some garbage.

use petrel::runtime::cell::{Cell, CellKind};
use petrel::runtime::heap::{Heap, HeapConfig, stack_pointer};
use petrel::runtime::value::Value;
use std::time::Instant;

const FIELDS: usize = 1;

fn field(cell: Value, i: usize) -> Value {
    // SAFETY: the callers index cells that they made.
    unsafe { *(cell.as_cell_addr() as *const Value).add(FIELDS + i) }
}

/// Stores without a barrier: only into a cell allocated last.
fn init(cell: *mut Cell, i: usize, value: Value) {
    // SAFETY: as in `field`.
    unsafe { *cell.cast::<Value>().add(FIELDS + i) = value }
}

fn store(heap: &mut Heap, cell: Value, i: usize, value: Value) {
    let cell = cell.as_cell_addr() as *mut Cell;
    init(cell, i, value);
    // SAFETY: the callers hold an allocated cell.
    unsafe { heap.write_barrier(cell) };
}

fn store_element(heap: &mut Heap, cell: Value, i: usize, value: Value) {
    let cell = cell.as_cell_addr() as *mut Cell;
    init(cell, i, value);
    // SAFETY: as in `store`.
    unsafe { heap.write_barrier_slot(cell, cell.cast::<Value>().add(FIELDS + i)) };
}

#[inline(always)]
fn node(heap: &mut Heap, left: Value, right: Value) -> Value {
    // SAFETY: all three payload words are written at once.
    let cell = unsafe { heap.alloc_uninit(32, CellKind::Object) };
    init(cell, 0, Value::EMPTY);
    init(cell, 1, left);
    init(cell, 2, right);
    Value::cell_ptr(cell)
}

fn array(heap: &mut Heap, length: usize) -> Value {
    let cell = heap.alloc(8 + 8 * length, CellKind::Elements);
    for i in 0..length {
        init(cell, i, Value::UNDEFINED);
    }
    // SAFETY: the cell has room for that many.
    unsafe { (*cell).shape = length as u32 };
    Value::cell_ptr(cell)
}

fn tree(heap: &mut Heap, depth: usize) -> Value {
    if depth == 0 {
        return node(heap, Value::UNDEFINED, Value::UNDEFINED);
    }
    let left = tree(heap, depth - 1);
    let right = tree(heap, depth - 1);
    node(heap, left, right)
}

fn count(tree: Value) -> usize {
    let left = field(tree, 1);
    if left.is_undefined() { 1 } else { 1 + count(left) + count(field(tree, 2)) }
}

fn trees(heap: &mut Heap, depth: usize) {
    let stretch = tree(heap, depth + 1);
    assert_eq!(count(stretch), (4 << depth) - 1);
    let long_lived = tree(heap, depth);
    for d in (4..=depth).step_by(2) {
        for _ in 0..1usize << (depth - d + 4) {
            let short_lived = tree(heap, d);
            assert_eq!(count(short_lived), (2 << d) - 1);
        }
    }
    assert_eq!(count(long_lived), (2 << depth) - 1);
}

fn queue(heap: &mut Heap, thousands: usize) {
    let length = thousands as i32 * 1000;
    let mut head = node(heap, Value::int(0), Value::UNDEFINED);
    let mut tail = head;
    let mut sum = 0i64;
    for i in 1..30_000_000 {
        let new = node(heap, Value::int(i), Value::UNDEFINED);
        store(heap, tail, 2, new);
        tail = new;
        if i > length {
            sum += i64::from(field(head, 1).as_int());
            head = field(head, 2);
        }
    }
    std::hint::black_box(sum);
}

fn table(heap: &mut Heap, thousands: usize) {
    let top = array(heap, thousands);
    for i in 0..thousands {
        let row = array(heap, 1024);
        store(heap, top, i, row);
        for j in 0..1024 {
            let child = node(heap, Value::int(j), Value::UNDEFINED);
            let entry = node(heap, Value::int(i as i32), child);
            store(heap, row, j as usize, entry);
        }
    }
    let mut seed = 12345u32;
    for i in 0..4_000_000 {
        seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
        let row = field(top, (seed >> 8) as usize % thousands);
        let mut garbage = Value::UNDEFINED;
        for k in 0..4 {
            garbage = node(heap, Value::int(k), garbage);
        }
        std::hint::black_box(garbage);
        let child = node(heap, Value::int(i), Value::UNDEFINED);
        let entry = node(heap, Value::int(i), child);
        store(heap, row, (seed >> 22) as usize & 1023, entry);
    }
    std::hint::black_box(top);
}

fn push(heap: &mut Heap, millions: usize) {
    let mut capacity = 16;
    let mut elements = array(heap, capacity);
    for i in 0..millions * 1_000_000 {
        if i == capacity {
            let larger = array(heap, capacity * 2);
            for j in 0..capacity {
                init(larger.as_cell_addr() as *mut Cell, j, field(elements, j));
            }
            (elements, capacity) = (larger, capacity * 2);
        }
        let new = node(heap, Value::int(i as i32), Value::UNDEFINED);
        store_element(heap, elements, i, new);
    }
    std::hint::black_box(elements);
}

fn shuffle(heap: &mut Heap, millions: usize) {
    let length = millions * 1_000_000;
    let elements = array(heap, length);
    for i in 0..length {
        let new = node(heap, Value::int(i as i32), Value::UNDEFINED);
        store_element(heap, elements, i, new);
    }
    let mut seed = 12345u64;
    for _ in 0..10_000_000 {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let (i, j) = ((seed >> 33) as usize % length, (seed >> 13) as usize % length);
        let (a, b) = (field(elements, i), field(elements, j));
        store_element(heap, elements, i, b);
        store_element(heap, elements, j, a);
        std::hint::black_box(node(heap, Value::UNDEFINED, Value::UNDEFINED));
    }
    std::hint::black_box(elements);
}

type Program = fn(&mut Heap, usize);
const PROGRAMS: [(&str, Program, usize); 5] =
    [("trees", trees, 18), ("queue", queue, 100), ("table", table, 256), ("push", push, 10), ("shuffle", shuffle, 1)];

#[inline(never)]
fn run(name: &str, program: Program, size: usize, nursery_bytes: usize) {
    let mut heap = Heap::new(HeapConfig { nursery_bytes, ..HeapConfig::default() }).expect("address space");
    heap.set_stack_base(stack_pointer() + 256);
    let start = Instant::now();
    program(&mut heap, size);
    let elapsed = start.elapsed();
    let stats = heap.stats();
    println!(
        "{name:8}({size:3}) {:5} ms | {:4} young, {:2} full, pauses {:4} ms, longest {:6.2} ms | allocated {:4} MB, \
         footprint {:3} MB, live {:3} MB",
        elapsed.as_millis(),
        stats.young_collections,
        stats.full_collections,
        stats.total_pause_ns / 1_000_000,
        stats.max_pause_ns as f64 / 1e6,
        stats.allocated_bytes >> 20,
        heap.footprint_bytes() >> 20,
        stats.live_bytes >> 20,
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let number = |i: usize| arguments.get(i).and_then(|argument| argument.parse::<usize>().ok());
    let nursery_bytes = number(2).map_or(HeapConfig::default().nursery_bytes, |kb| kb << 10);
    for (name, program, size) in PROGRAMS {
        if arguments.first().is_none_or(|wanted| wanted == name) {
            run(name, program, number(1).unwrap_or(size), nursery_bytes);
        }
    }
}
