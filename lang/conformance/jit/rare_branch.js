'use strict';
// A branch never taken while warming becomes common.
function f(i, rare) { if (rare) { let t = 0; for (let k = 0; k < 5; k++) t += k * i; return t + 'x'.length; } return i; }
let s = 0;
for (let i = 0; i < 20000; i++) s += f(i, false);
for (let i = 0; i < 20000; i++) s += f(i, i % 2 === 0);
for (let i = 0; i < 5000; i++) s += f(i, true);
console.log(s);
