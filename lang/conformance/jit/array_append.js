'use strict';
// Appending at the end by index from hot code grows the array.
function append(a, v) { a[a.length] = v; }
const a = [];
for (let i = 0; i < 20000; i++) append(a, i);
console.log(a.length, a[12345]);
const d = [];
for (let i = 0; i < 20000; i++) append(d, i * 0.5);
console.log(d.length, d[12345]);
const m = [];
for (let i = 0; i < 20000; i++) append(m, i % 2 ? i : 's' + i);
console.log(m.length, m[12344], m[12345]);
const gap = [];
for (let i = 0; i < 2000; i++) gap[i * 2] = i;
console.log(gap.length, gap[3], gap[3998]);
