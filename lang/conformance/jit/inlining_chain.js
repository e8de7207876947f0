'use strict';
// Small functions through four levels, with a deopt at the bottom.
const a = (x) => x + 1;
const b = (x) => a(x) * 2;
const c = (x) => b(x) - a(x);
const d = (x) => c(x) + b(c(x));
let s = 0;
for (let i = 0; i < 20000; i++) s += d(i);
console.log(s, d(0.5), d('7'), d(2147483647), d(null), d(undefined));
function leaf(o) { return o.v + 1; }
function mid(o, k) { const before = k * 2; const r = leaf(o); return before + r + k; }
function top(o, k) { const local = k + 100; return mid(o, k) + local; }
for (let i = 0; i < 20000; i++) s += top({ v: i }, i);
console.log(s, top({ v: 'str' }, 1), top({ w: 0, v: 0.5 }, 2), top({}, 3));
try { top(null, 4); } catch (e) { console.log(e.message); }
