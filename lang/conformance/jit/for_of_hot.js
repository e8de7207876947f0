'use strict';
// for-of over arrays of changing kinds, with break and mutation, hot.
function sum(list) { let s = 0; for (const v of list) { if (v === 'stop') break; s += v; } return s; }
let t = 0;
for (let i = 0; i < 4000; i++) t += sum([1, 2, 3, 4, 5]);
for (let i = 0; i < 4000; i++) t += sum([0.5, 1.5]);
console.log(t, sum([1, 'stop', 5]), sum([1, , 2]), sum([]), sum(['a', 'b']));
const grow = [1];
let n = 0;
for (const v of grow) { n += v; if (grow.length < 20000) grow.push(v % 3 + 1); }
console.log(n, grow.length);
