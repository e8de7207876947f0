'use strict';
// >>> yields values beyond int32.
function u(a, n) { return a >>> n; }
let s = 0;
for (let i = 0; i < 20000; i++) s += u(i, 1);
console.log(s, u(-1, 0), u(-1, 1), u(-1, 32), u(-1, 33));
let t = 0;
for (let i = 0; i < 20000; i++) t += u(-i, 0);
console.log(t);
let h = 2166136261;
for (let i = 0; i < 20000; i++) h = Math.imul(h ^ (i & 255), 16777619) >>> 0;
console.log(h);
