'use strict';
// for-of over everything but packed arrays, and for-in, in optimized loops; left early, by exceptions, with deopts inside.
const own = { from: 0, to: 5, [Symbol.iterator]() { let i = this.from; const to = this.to; return { next: () => ({ value: i, done: i++ >= to }), return() { closed++; return {}; } }; } };
let closed = 0;
const holey = [1, , 3]; const mixed = [1, 'a', 2.5, null];
function total(source) { let s = ''; for (const v of source) { s += typeof v === 'object' && v ? v.join('/') : v; if (v === 4) break; } return s; }
function firstBig(source, limit) { for (const v of source) { if (v > limit) return v; } return -1; }
function keys(o) { let s = 0; for (const k in o) { if (k === 'gone') delete o.later; s += k.length * o[k]; } return s; }
function tryLoop(source, bad) { let s = 0; try { for (const v of source) { if (v === bad) throw v; s += v; } } catch (e) { s = -e; } return s; }
const map = new Map([[1, 'x'], [2, 'y']]), set = new Set([1, 2, 3]);
const seen = {};
for (let i = 0; i < 4000; i++) {
  for (const source of [own, holey, mixed, map, set, 'añ😀', map.keys(), set.entries()]) { const t = total(source); seen[t] = (seen[t] || 0) + 1; }
  firstBig(own, 2); firstBig(set, 2); tryLoop(own, i % 9); tryLoop(set, i % 5);
}
console.log(JSON.stringify(seen), closed);
let sum = 0;
for (let i = 0; i < 4000; i++) { const o = { a: i, gone: 1, later: 5, b: 2 }; if (i % 3) o.extra = 1; sum += keys(o); }
console.log(sum, keys([1, 2, 3]), keys('abc'), keys(Object.create({ up: 1 })), keys(null), keys(undefined));
// The kind of element changes inside the loop.
function grow(m) { let s = 0; for (const [k, v] of m) { s = s + v; if (m.size < 6) m.set(k + 10, k + 0.5); } return s; }
for (let i = 0; i < 3000; i++) { const m = new Map([[1, 2], [3, 4]]); sum += grow(m); }
console.log(sum, grow(new Map([[1, 'text']])));
try { total(5); } catch (e) { console.log(e.name, e.message); }
try { firstBig(undefined); } catch (e) { console.log(e.name, e.message); }
function spreads(a, ...rest) { return a + rest.length + [...rest, a].length; }
function picks({ x, y: [p, q = 7, ...r] = [], ...others }) { return x + p + q + r.length + Object.keys(others).length; }
for (let i = 0; i < 4000; i++) { sum += spreads(...[i, 2, 3]) + spreads() * 0 + picks({ x: 1, y: [1, undefined, 3, 4], z: 1, w: 2 }) | 0; }
console.log(sum);
function counts() { let s = arguments.length * 100; for (let i = 0; i < arguments.length; i++) s += arguments[i]; return s; }
let c = 0; for (let i = 0; i < 4000; i++) { c += counts(1, 2, 3) + counts() + counts(i); }
console.log(c, counts(1, 'x'));
function classes(n) { let s = ''; for (let i = 0; i < n; i++) { class K { static n = i; get() { return i; } } class L extends K { get() { return super.get() * 2; } } s = s + new L().get() + L.n; if (s.length > 20) s = ''; } return s; }
console.log(classes(3000));
