'use strict';
// Values that are int on one path and double, string or undefined on another.
function f(i) { let v; if (i % 3 === 0) v = i; else if (i % 3 === 1) v = i / 2; return v; }
let s = 0, u = 0;
for (let i = 0; i < 20000; i++) { const v = f(i); if (v === undefined) u++; else s += v; }
console.log(s, u);
function g(i, m) { let v = 1; while (i > 0) { v = m ? v * 2 : v + 0.25; i--; } return v; }
for (let i = 0; i < 2000; i++) s += g(8, i % 2 === 0);
console.log(s, g(40, true), g(3, false));
function h(i) { const t = i % 2 ? 'odd' : i; return typeof t === 'string' ? t.length : t; }
for (let i = 0; i < 20000; i++) s += h(i);
console.log(s);
function sel(c, a, b) { return c ? a : b; }
let last;
for (let i = 0; i < 20000; i++) last = sel(i & 1, i, -i);
console.log(last, sel(1, 'x', 2), sel(0, 'x', { y: 1 }), sel('', 1.5, null));
