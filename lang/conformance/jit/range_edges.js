'use strict';
// Bounds and overflow at the edges of induction variables.
function down(n) { let s = 0; for (let i = n; i >= 0; i--) s += i; return s; }
function by(n, k) { let c = 0; for (let i = 0; i < n; i += k) c++; return c; }
console.log(down(20000), by(20000, 3), by(20000, 0.5), by(2147483647, 65536), by(4294967296, 262144));
const a = [];
for (let i = 0; i < 1000; i++) a[i] = i;
function window(a) { let s = 0; for (let i = 1; i < a.length - 1; i++) s += a[i - 1] - 2 * a[i] + a[i + 1]; return s; }
let w = 0;
for (let k = 0; k < 20; k++) w += window(a);
console.log(w);
function over(a) { let s = 0; for (let i = 0; i <= a.length; i++) { const v = a[i]; if (v === undefined) s += 1e6; else s += v; } return s; }
console.log(over(a), over([1.5]), over([]));
function neg(a) { let s = 0; for (let i = -3; i < 3; i++) s += a[i] === undefined ? 1 : a[i] * 100; return s; }
let nn = 0;
for (let k = 0; k < 5000; k++) nn += neg(a);
console.log(nn);
function idx(a, i) { return a[(i * 7) & 511] + a[i % 1000] + a[(i / 3) | 0 % 1000]; }
let t = 0;
for (let i = 0; i < 2000; i++) t += idx(a, i);
console.log(t);
