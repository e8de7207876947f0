'use strict';
// Math builtins in hot loops with changing argument types, and Math functions replaced.
let s = 0;
for (let i = 0; i < 20000; i++) s += Math.floor(i / 3) + Math.max(i, 500) - Math.min(i, 7) + Math.abs(500 - i) + Math.sqrt(i) + Math.round(i / 7) + Math.ceil(i / 9) + Math.trunc(-i / 2);
console.log(s);
function fl(v) { return Math.floor(v); }
for (let i = 0; i < 20000; i++) s += fl(i + 0.5);
console.log(s, fl('7.9'), fl(null), fl(NaN), 1 / fl(-0), fl(1e300), fl(-0.5), fl(undefined));
const original = Math.floor;
Math.floor = (x) => 1000;
console.log(fl(5.5));
Math.floor = original;
console.log(fl(5.5));
let p = 0;
for (let i = 0; i < 20000; i++) p += Math.pow(i % 10, 2) + 2 ** (i % 5) + Math.imul(i, 3);
console.log(p);
