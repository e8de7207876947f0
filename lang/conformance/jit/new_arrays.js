'use strict';
// Array literals and `new Array(n)`, hot: kinds, holes, lengths, errors.
function run(times, f, ...args) {
  let r;
  for (let i = 0; i < times; i++) r = f(...args);
  return r;
}
const HOT = 1000;
const triple = (a, b, c) => [a, b, c];
console.log(run(HOT, triple, 1, 2, 3), triple(1, 2.5, 3), triple('x', undefined, null), run(HOT, triple, 1.5, 2, 3), triple(1, 2, 3));
const boxes = () => [[], [1], ['a', {}], [true, null, undefined]];
console.log(run(HOT, boxes));
const holes = (x) => [x, , x];
console.log(run(HOT, holes, 1), 1 in holes(1));
const long = (x) => [x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x];
console.log(run(HOT, long, 0.5).length);
function fresh(n) { const a = new Array(n); return [a.length, 0 in a, a[0], a]; }
console.log(run(HOT, fresh, 3), fresh(0), run(HOT, fresh, 0));
for (const n of [-1, 1.5, 4294967296, NaN]) { try { fresh(n); } catch (e) { console.log(e.name, e.message); } }
console.log(fresh(4294967295)[0], fresh('7'), fresh(40000000)[0]);
console.log(run(HOT, () => new Array(4)), run(HOT, () => Array(2)), run(HOT, () => new Array(1, 2)), run(HOT, () => new Array()));
// Filled with each kind; what is read of it.
function filled(n, v) { const a = new Array(n); for (let i = 0; i < n; i++) a[i] = v; let s = 0; for (let i = 0; i < n; i++) s += a[i]; return s; }
console.log(run(HOT, filled, 8, 1), run(HOT, filled, 8, 0.5), run(HOT, filled, 8, 'x'), filled(8, 1), filled(5, true));
function tree(d) { if (d === 0) return new Array(2); const c = new Array(2); for (let i = 0; i < 2; i++) c[i] = tree(d - 1); return c; }
function leaves(t) { return t[0] === undefined ? 1 : leaves(t[0]) + leaves(t[1]); }
console.log(leaves(run(200, tree, 6)));
// A literal is a new array each time, and grows.
function grown(n) { const a = [n]; for (let i = 0; i < n; i++) a.push(i * 0.5, 'y'); return a; }
console.log(run(HOT, grown, 3), grown(2).length);
const kept = [];
for (let i = 0; i < HOT; i++) { const a = [i, i + 0.5]; if (i % 200 === 0) kept.push(a); }
console.log(kept);
const pairs = [];
for (let i = 0; i < 40000; i++) { if (i % 1000 === 0) pairs.push([i, [i]]); else [i, [i]].length; }
console.log(pairs.length, pairs[30][1][0]);
