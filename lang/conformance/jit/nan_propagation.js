'use strict';
// NaN enters a hot double loop and poisons it; comparisons with NaN are all false.
function step(x, y) { return x < y ? x * 1.5 + 1 : x - y; }
let v = 0;
for (let i = 0; i < 20000; i++) v = step(v, 100);
console.log(v);
let n = NaN;
for (let i = 0; i < 20000; i++) n = step(n, 100);
console.log(n, n === n, n < 1, n >= 1, !(n < 1));
function cmp(a, b) { return (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a === b ? 16 : 0) + (a !== b ? 32 : 0); }
let c = 0;
for (let i = 0; i < 20000; i++) c += cmp(i * 0.5, 5000.5);
console.log(c, cmp(NaN, 1), cmp(1, NaN), cmp(NaN, NaN), cmp(-0, 0), cmp('a', 'b'), cmp('10', 9), cmp(null, 0), cmp(undefined, 0));
