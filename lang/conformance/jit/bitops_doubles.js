'use strict';
// Bit operations see ints first, then doubles, NaN, huge values and strings.
function mix(a, b) { return ((a | 0) ^ (b << 3)) + (a >>> 1) - (b >> 2) + (~a & 255); }
let s = 0;
for (let i = 0; i < 20000; i++) s = (s + mix(i, s)) | 0;
console.log(s);
for (let i = 0; i < 20000; i++) s = (s + mix(i + 0.7, s)) | 0;
console.log(s, mix(NaN, 1), mix(Infinity, 2), mix(4294967295, 3), mix(-1e15, 4), mix('12', '3'), mix(1e30, 1), mix(null, undefined), mix(-0.9, 0.9));
