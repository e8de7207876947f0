'use strict';
// Functions and constants of the library are taken for constant until somebody replaces them.

function lengthOf(x, y) {
  return Math.sqrt(x * x + y * y);
}
function area(r) {
  return Math.PI * r * r;
}
function parts(s) {
  return [Number.isInteger(s), String(s), Array.isArray(s), Math.max(s, 2)];
}
function safe() {
  return Number.MAX_SAFE_INTEGER + NaN + Infinity;
}

for (let k = 0; k < 5000; k++) {
  lengthOf(k, 1);
  area(k);
  parts(k);
  safe();
}
console.log(lengthOf(3, 4), area(1), parts(1.5), safe());

const sqrt = Math.sqrt;
Math.sqrt = (x) => 'root of ' + x;
console.log(lengthOf(3, 4));
Math.sqrt = sqrt;
console.log(lengthOf(3, 4));

Array.isArray = () => 'maybe';
console.log(parts(2));

const original = Math;
globalThis.Math = { sqrt: (x) => -x, max: (a, b) => a + ':' + b, PI: 3 };
console.log(lengthOf(3, 4), area(2), parts(7));
globalThis.Math = original;
console.log(lengthOf(6, 8), area(2), parts(7));

globalThis.counter = 0;
function count(n) {
  for (let i = 0; i < n; i++) globalThis.counter = globalThis.counter + 1;
  return counter;
}
for (let k = 0; k < 200; k++) count(100);
console.log(count(1));
