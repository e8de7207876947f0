'use strict';
// Comparators and callbacks called from builtins, hot, changing types, throwing.
const a = [];
let seed = 42;
const next = () => { seed = (seed * 16807) % 2147483647; return seed; };
for (let i = 0; i < 3000; i++) a.push(next() % 10000);
a.sort((x, y) => x - y);
let ok = true;
for (let i = 1; i < a.length; i++) if (a[i - 1] > a[i]) ok = false;
console.log(ok, a[0], a[2999]);
const objs = a.slice(0, 1000).map((v, i) => ({ k: v % 10, i }));
objs.sort((p, q) => q.k - p.k);
console.log(objs[0], objs[999], objs[500]);
let calls = 0;
try { a.slice().sort((x, y) => { if (++calls > 2000) throw new Error('enough'); return y - x; }); } catch (e) { console.log(e.message, calls); }
let s = 0;
for (let k = 0; k < 30; k++) { a.forEach((v) => { s += v & 7; }); s += a.map((v) => v / 2).filter((v) => v > 2500).reduce((x, y) => x + y, 0) > 0 ? 1 : 0; }
console.log(s);
const mixed = a.map((v, i) => (i % 100 === 0 ? String(v) : v));
console.log(mixed.reduce((x, y) => typeof y === 'number' ? x + y : x - 1, 0));
