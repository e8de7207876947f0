'use strict';
// -0 survives loops that were compiled with int feedback.
function inv(x) { return 1 / x; }
function scale(a, k) { return a * k; }
let s = 0;
for (let i = 1; i < 20000; i++) s += inv(scale(i, 1));
console.log(s > 10, inv(scale(0, -1)), inv(scale(-3, 0)), inv(scale(0, 0)));
let z = 0;
for (let i = 0; i < 20000; i++) z = -z;
console.log(inv(z));
for (let i = 0; i < 20001; i++) z = -z;
console.log(inv(z), inv(z | 0), inv(z + 0), inv(z - 0), inv(0 - z));
const arr = [];
for (let i = -10000; i < 10000; i++) arr.push(i * 0);
let negs = 0;
for (const v of arr) if (1 / v < 0) negs++;
console.log(negs, inv(Math.round(-0.2)), inv(Math.min(0, -0)));
