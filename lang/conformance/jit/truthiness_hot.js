'use strict';
// A branch on ints, then on strings, objects, doubles.
function pick(v) { return v ? 1 : 2; }
let n = 0;
for (let i = 0; i < 20000; i++) n += pick(i & 1);
const mixed = ['', 'a', null, undefined, {}, [], NaN, 0.5, -0, true, false, 0, 7];
for (let i = 0; i < 20000; i++) n += pick(mixed[i % mixed.length]);
console.log(n);
let k = 0;
for (let i = 0; i < 20000; i++) { k += (mixed[i % 13] && 1) ? 1 : 0; k += (mixed[i % 13] || 0) === 7 ? 10 : 0; k += (mixed[i % 13] ?? 'n') === 'n' ? 100 : 0; }
console.log(k);
