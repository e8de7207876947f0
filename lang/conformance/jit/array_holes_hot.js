'use strict';
// Holes appear in an array that a hot loop reads.
function count(a) { let n = 0; for (let i = 0; i < a.length; i++) if (a[i] === undefined) n++; else n += a[i] * 10; return n; }
const a = [];
for (let i = 0; i < 1000; i++) a.push(i % 7);
let s = 0;
for (let k = 0; k < 20; k++) s += count(a);
console.log(s);
delete a[500];
for (let k = 0; k < 20; k++) s += count(a);
console.log(s);
a.length = 1010;
console.log(count(a));
Object.getPrototypeOf([])[500] = 3;
console.log(a[500], count(a));
delete Array.prototype[500];
console.log(a[500], count(a));
const d = [0.5, 1.5, 2.5];
for (let k = 0; k < 5000; k++) s += count(d);
delete d[1];
console.log(count(d), s, d);
