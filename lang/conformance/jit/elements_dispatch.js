'use strict';
// Element accesses of every kind in loops that get hot: mixed kinds, ends, holes, growth, push and pop.

function sum(list) {
  let s = 0;
  for (let i = 0; i < list.length; i++) s += list[i];
  return s;
}

function sumTo(list, n) {
  let s = 0;
  for (let i = 0; i < n; i++) {
    const v = list[i];
    s += v === undefined ? 0.25 : v;
  }
  return s;
}

function fill(list, n, start) {
  for (let i = 0; i < n; i++) list[i] = start + i;
  return list;
}

function fillBackwards(n, value) {
  const list = new Array(n);
  for (let i = n - 1; i >= 0; i--) list[i] = value;
  return list;
}

function drain(list) {
  let text = '';
  let v;
  while ((v = list.pop()) !== undefined) text += v + ',';
  return text;
}

function collect(n, f) {
  const list = [];
  for (let i = 0; i < n; i++) list.push(f(i));
  return list;
}

function mapInto(from, to) {
  for (let i = 0; i < from.length; i++) to[i] = from[i];
  return to;
}

function iterate(list) {
  let text = '';
  for (const v of list) text += v + ';';
  return text;
}

const ints = [1, 2, 3, 4, 5];
const doubles = [1.5, 2.5, -0, 4.25];
const mixed = [1, 2.5, 'x', null];
const holey = [1, , 3, , 5];
const holeyDoubles = [1.5, , 3.5];

for (let k = 0; k < 3000; k++) {
  sum(ints);
  sum(doubles);
  sumTo(ints, 7);
  sumTo(holey, 6);
  sumTo(holeyDoubles, 5);
  fill([], 6, k);
  fill([], 6, 0.5);
  fillBackwards(5, k);
  fillBackwards(5, 0.5);
  drain([1, 2]);
  drain([1.5, 2]);
  collect(5, (i) => i);
  collect(5, (i) => i / 2);
  collect(5, (i) => 'a' + i);
  mapInto(ints, []);
  mapInto(doubles, []);
  iterate(ints);
  iterate(doubles);
}

console.log(sum(ints), sum(doubles), Object.is(sum([-0]), 0), sum([]), sum(['a', 'b']), sum(mixed));
console.log(sumTo(ints, 7), sumTo(holey, 6), sumTo(holeyDoubles, 5), sumTo(ints, 0), sumTo('123', 5), sumTo({ 0: 1, 2: 5 }, 4));
console.log(fill([], 6, 1), fill([1.5], 3, 7), fill([], 3, 0.5), fill(['a', 'b', 'c', 'd'], 2, 9), fill({}, 2, 1));
console.log(fillBackwards(4, 1), fillBackwards(3, 0.5), fillBackwards(3, 'x'), fillBackwards(0, 1));
console.log(drain([1, 2, 3]), drain([]), drain([1.5, NaN, -0]), drain(['p', 'q']), drain([1, , 2]), drain([1, 2, undefined, 3]));
console.log(collect(4, (i) => i), collect(4, (i) => i * 1.5), collect(3, (i) => (i < 2 ? i : 'z')), collect(3, (i) => [i]));
console.log(mapInto([1, 2.5, 'x'], []), mapInto([1, 2], [9.5, 9.5, 9.5]), mapInto([, 1], [5]), mapInto('ab', []));
console.log(iterate(ints), iterate(doubles), iterate(holey), iterate(mixed), iterate([]));

// Negative and fractional indices are names.
const named = [1, 2, 3];
named[-1] = 'minus';
named[1.5] = 'half';
function at(list, i) {
  return list[i];
}
for (let k = 0; k < 3000; k++) at(named, k % 4);
console.log(at(named, -1), at(named, 1.5), at(named, 2), at(named, 3), at(named, '1'), at(named, 4294967295));

// Shrinking while reading, growing while iterating.
function shrink(list) {
  const seen = [];
  for (let i = 0; i < list.length; i++) {
    seen.push(list[i]);
    if (i % 2 === 0) list.pop();
  }
  return seen;
}
function grow(list) {
  let count = 0;
  for (const v of list) {
    if (v < 6) list.push(v + 3);
    count++;
  }
  return count;
}
for (let k = 0; k < 2000; k++) {
  shrink([1, 2, 3, 4, 5, 6]);
  grow([1, 2, 3]);
}
console.log(shrink([1, 2, 3, 4, 5, 6, 7]), grow([1, 2, 3]), grow([1.5]));

// A frozen array takes nothing.
function put(list, i, v) {
  try {
    list[i] = v;
    return list.join();
  } catch (error) {
    return error.constructor.name;
  }
}
for (let k = 0; k < 2000; k++) {
  put([1, 2, 3], 3, k);
  put(['a', , 'c'], 1, k);
}
console.log(put(Object.freeze([1, 2, 3]), 1, 9), put(Object.freeze(['a', 'b']), 0, 9), put(Object.freeze([1]), 1, 9));

// Indexed properties of the prototype, once the loops rely on there being none.
console.log(sumTo(holey, 6), at(named, 3), fillBackwards(3, 7));
Array.prototype[1] = 100;
console.log(sumTo(holey, 6), sumTo([1], 3), at([], 1), at([5, 6], 1), iterate([1, , 3]), drain([1, , 3]));
Object.prototype[3] = 1000;
console.log(sumTo(holey, 6), at(named, 3), sumTo([], 4));
delete Array.prototype[1];
delete Object.prototype[3];
console.log(sumTo(holey, 6), at(named, 3), sumTo([], 4));
let stored = '';
Object.defineProperty(Array.prototype, 2, {
  set(v) {
    stored += 'set ' + v + ';';
  },
  get() {
    return 'got';
  },
  configurable: true,
});
const own = (list) => [0, 1, 2, 3].map((i) => Object.hasOwn(list, i)).join();
const owned = [own(fill([], 4, 10)), own(fillBackwards(4, 3)), own(collect(4, (i) => i))].join(' ');
delete Array.prototype[2];
console.log(owned, stored, fill([], 4, 10), fillBackwards(4, 3));
