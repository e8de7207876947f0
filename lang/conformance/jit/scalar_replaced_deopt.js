'use strict';
// Objects that never escape, until a rare path needs them whole.
let leaked = null;
function step(i, x) {
  const p = { a: i, b: x, inner: { c: i + 1 } };
  const q = [i, x];
  if (i === 17500) { leaked = { p, q }; }
  return p.a + p.b + p.inner.c + q[0];
}
let s = 0;
for (let i = 0; i < 20000; i++) s += step(i, 2);
console.log(s, leaked);
for (let i = 0; i < 20000; i++) s += step(i, 0.5);
console.log(s, step(1, 'str'));
class Pair { constructor(l, r) { this.l = l; this.r = r; } swap() { return new Pair(this.r, this.l); } }
function f(i, v) { const p = new Pair(i, v).swap(); if (typeof p.l === 'string') return p; return p.l - p.r; }
for (let i = 0; i < 20000; i++) s += f(i, 1);
console.log(s, f(1, 'deopt'), f(1, 0.5));
