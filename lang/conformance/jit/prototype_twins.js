'use strict';
// Two shapes served by the same code rest on different prototypes, and each must be told of changes.
function absent(x) {
  let sum = 0;
  for (let i = 0; i < 100; i++) sum += x.x === undefined ? 1 : x.x;
  return sum;
}
absent({ c: 1, x: 1 });
absent({});
const far = {};
const near = Object.create(far);
const o = Object.create(near);
for (let i = 0; i < 50; i++) absent(o);
console.log(absent(o), absent({}));
near.x = 2;
console.log(absent(o), absent({}));

// The same function found through two prototypes.
function shared() { return 1; }
const one = { m: shared }, two = { m: shared };
const a = Object.create(one), b = Object.create(two);
a.p = 1;
b.q = 1;
function call(x) {
  let sum = 0;
  for (let i = 0; i < 100; i++) sum += x.m();
  return sum;
}
for (let i = 0; i < 50; i++) { call(a); call(b); }
console.log(call(a), call(b));
two.m = () => 3;
console.log(call(a), call(b));
one.m = () => 4;
console.log(call(a), call(b));

// The length of typed arrays of two kinds, one of which gets a length of its own.
function length(t) {
  let sum = 0;
  for (let i = 0; i < 100; i++) sum += t.length;
  return sum;
}
const ints = new Int32Array(2), bytes = new Float64Array(3);
for (let i = 0; i < 50; i++) { length(ints); length(bytes); }
console.log(length(ints), length(bytes));
Object.defineProperty(Float64Array.prototype, 'length', { get() { return 7; } });
console.log(length(ints), length(bytes));
