// Arrays of int32 that become arrays of doubles at sites that see both.
'use strict';
function fill(n, first) {
  const a = new Array(n);
  for (let i = 0; i < n; i++) a[i] = i === 0 ? first : i;
  return a;
}
function scale(a, by) {
  for (let i = 0; i < a.length; i++) a[i] = a[i] * by;
  return a;
}
function sum(a) {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i];
  return s;
}
let total = 0;
for (let k = 0; k < 4000; k++) {
  const a = fill(16, k % 3 === 0 ? 0.5 : 1);
  total += sum(scale(a, k % 2 ? 2 : 0.25)) + sum([1, 2, 3]) + sum([0.5, k]);
}
console.log(total);

// The same array under two names: what is known of one must not outlive the widening of the other.
function alias(a, b, x) {
  let s = 0;
  for (let i = 0; i < 4; i++) {
    s += a[i];
    b[i] = x;
    s += a[i] + b[i];
  }
  return s;
}
let both = 0;
for (let k = 0; k < 6000; k++) {
  const a = [1, 2, 3, 4], b = k % 5 === 0 ? a : [5, 6, 7, 8];
  both += alias(a, b, k % 7 === 0 ? 0.5 : k);
}
console.log(both);

// Holes, appends, minus zero, and a string that comes late.
function put(a, i, v) { a[i] = v; }
const holes = [];
for (let k = 0; k < 3000; k++) {
  const a = k % 2 ? [] : new Array(3);
  put(a, 0, k % 4 === 0 ? -0 : k);
  put(a, 1, k / 2);
  put(a, 2, k % 11 === 0 ? undefined : k);
  if (k > 2990) holes.push(a, 0 in a, Object.is(a[0], -0));
}
put(holes, 0, 'text');
console.log(holes);
