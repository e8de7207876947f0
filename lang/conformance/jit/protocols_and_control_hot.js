'use strict';
// Iterators that are closed early, spread, accessors, finally, closures, redefinition: each called until it is optimized,
// and each changes what it meets on the way.
function show(name, f, n = 60) {
  const seen = [];
  for (let i = 0; i < n; i++) {
    let r;
    try { r = f(i); } catch (e) { r = e instanceof Error ? e.name + ':' + e.message : 'thrown ' + String(e); }
    seen.push(Object.is(r, -0) ? '-0' : typeof r === 'string' ? `"${r}"` : String(r));
  }
  console.log(name, seen.join(' '));
}
// user-defined iterators with return(), closed by break, destructuring, exceptions
let closed = 0;
class Range {
  constructor(a, b) { this.a = a; this.b = b; }
  [Symbol.iterator]() {
    let i = this.a; const b = this.b;
    return { next() { return i < b ? { value: i++, done: false } : { value: undefined, done: true }; }, return() { closed++; return {}; } };
  }
}
show('iter', (i) => { let s = 0; for (const v of new Range(0, i % 7)) { if (v === 4) break; s += v; } return s + ':' + closed; });
show('destr', (i) => { const [a, b = 'd', ...c] = new Range(0, i % 5); return `${a},${b},${c}` + closed; });
show('iterthrow', (i) => { let s = 0; try { for (const v of new Range(i, i + 9)) { s += v; if (v % 13 === 0) throw v; } } catch (e) { return 'c' + e + ':' + closed; } return s; });
// arguments, spread
function sum() { let s = 0; for (let i = 0; i < arguments.length; i++) s += arguments[i]; return s; }
show('args', (i) => sum(...[i, 1, 2].slice(0, i % 4), i > 40 ? 'x' : 3));
function variadic(a, b = a + 1, ...rest) { return a + b + rest.length + (rest[0] ?? 0); }
show('defaults', (i) => i % 3 === 0 ? variadic(i) : i % 3 === 1 ? variadic(i, undefined, 5) : variadic(i, 2, i > 50 ? 'q' : 3, 4));
// new.target, super, statics
class A { constructor(v) { this.t = new.target.name; this.v = v; } get d() { return this.v * 2; } set d(x) { this.v = x; } static make(v) { return new this(v); } who() { return 'A' + this.v; } }
class B extends A { constructor(v) { super(v + 1); this.w = super.d; } get d() { return super.d + 1; } set d(x) { super.d = x + 1; } who() { return 'B' + super.who(); } }
show('classes', (i) => { const o = (i % 3 ? A : B).make(i > 44 ? i + 0.5 : i); o.d = i; return o.t + o.v + o.d + o.who() + o.w; });
// finally with control flow
function fin(i) {
  out: for (let k = 0; k < 5; k++) {
    try {
      if (k === i % 6) continue out;
      if (k === 3 && i > 30) return 'r' + k;
      if (k === 4 && i % 5 === 0) throw new Error('e' + i);
    } finally {
      if (i % 11 === 0 && k === 2) break out;
      if (i % 17 === 0 && k === 4) return 'f';
    }
  }
  return 'end' + i;
}
show('finally', fin, 90);
// closures in loops under OSR
function closures(n, change) {
  const fs = [];
  for (let i = 0; i < n; i++) { let j = i * 2; if (i % 50 === 0) fs.push(() => [i++, j++]); if (i === change) j = 'str'; }
  return fs.map((f) => (f(), String(f()))).join('|');
}
show('closures', (i) => closures(200, i === 5 ? 150 : -1), 8);
// captured variable modified by callee during loop
function cap(n) { let x = 0; const inc = (k) => { x += k; }; for (let i = 0; i < n; i++) { inc(i === 90 ? 0.5 : i === 95 ? 'a' : 1); if (i % 31 === 0) x = x + 0; } return x; }
show('captured', (i) => cap(80 + i), 24);
// string ops
show('strings', (i) => { const s = 'abc\u00e9\ud83d\ude00'.repeat(1 + i % 2); return s[i % 9] + s.at(-1 - i % 3) + s.charCodeAt(i) + (s < 'abd') + s.indexOf('\u00e9', i % 4) + (i > 50 ? s.codePointAt(4) : ''); });
show('compare', (i) => [i < '30', '5' < i, null >= i, undefined < i, i == '7', '' == 0, [i] == i, (i > 40 ? 'z' : 'a') < 'm'].map(Number).join(''));
// numeric
let acc = 0x7ffffff0;
show('overflow', (i) => { acc = acc + 1; const m = Math.imul(acc, 3); return (acc | 0) + (m >>> 1) + (acc % 7) + (-acc % 3); });
show('negzero', (i) => { const a = (i % 3) - 1, b = i > 40 ? -0 : 0; return [a * b, b / a, -b, a % 1, Math.round(-0.4 * a), Math.min(a, b), Math.max(-0, b)].map((v) => Object.is(v, -0) ? '-0' : v).join(); });
show('shift', (i) => [1 << i, -1 >>> i, -5 >> i, (i * 1e9) | 0, (i * 1e9) >>> 0, ~(i + 0.5), 2 ** i, (-2) ** (i % 5)].join());
// arrays
const grid = [[1, 2, 3], [1.5, , 3], ['a', {}, null]];
show('elems', (i) => { const a = grid[i % 3]; if (i === 40) delete grid[0][1]; if (i === 45) grid[1].length = 1; if (i === 50) grid[0][7] = 'far'; let r = ''; for (let k = -1; k < 4; k++) r += typeof a[k] + ','; return r + a.length; });
show('callbacks', (i) => { const a = [1, 2, 3, 4]; const out = []; a.forEach((v, k) => { if (k === 1 && i % 4 === 0) a.pop(); if (k === 0 && i % 5 === 0) a.push(9); out.push(i > 40 ? 's' + v : v * i); }); return out.join() + a.reduce((x, y) => x + y, i > 55 ? '' : 0); });
show('sort', (i) => [3, 1, i, 10, -1, undefined, 2.5].sort(i > 40 ? (a, b) => b - a : undefined).join());
// accessor & prototype redefinition in loop
function P() { this.n = 1; } P.prototype.get = function () { return this.n; };
show('redefine', (i) => { const o = new P(); let s = 0; for (let k = 0; k < 10; k++) { if (i === 30 && k === 5) P.prototype.get = function () { return 100; }; if (i === 40 && k === 5) Object.defineProperty(P.prototype, 'n', { get() { return 7; }, set(v) { this.m = v; }, configurable: true }); if (i === 50) Object.setPrototypeOf(o, { get() { return 's'; } }); s += o.get(); } return s; });
show('switch', (i) => { switch (i > 40 ? String(i % 4) : i % 6) { case 0: return 'zero'; case '1': return 'str1'; case 2: i++; case 3: return 'fall' + i; default: return 'def'; } });
show('typeof', (i) => { const v = [1, 'a', null, undefined, {}, () => 1, true, 1.5][i % 8]; return typeof v + (v ? 1 : 0) + (v == null) + (typeof v === 'function' && i < 30 ? v() : ''); });
show('optional', (i) => { const o = i % 3 === 0 ? null : i % 3 === 1 ? { a: { b: i } } : { a: undefined, f() { return this.a; } }; return `${o?.a?.b} ${o?.f?.()} ${o?.['a']} ${o?.a?.b.toFixed?.(1)}`; });
show('logical', (i) => { let a = i % 2 ? null : i, b = i % 3 ? 0 : 'x', c; a ??= 5; b ||= i; c &&= 1; c ??= a && b; return [a, b, c].join(); });
show('holes', (i) => { const a = new Array(4); if (i > 20) a[2] = i; const r = []; for (const v of a) r.push(v); for (const k in a) r.push(k); return r.join() + a.map((v) => v * 2).indexOf(undefined) + a.includes(undefined) + (1 in a); });
show('recursion', function f(i, d = 5) { if (d === 0) { if (i === 33) throw new RangeError('deep'); return i; } try { return f(i, d - 1) + d; } finally { if (i === 34 && d === 3) d = 'x'; } });
show('map', (i) => { const m = new Map([[i % 3, 1], ['a', i], [NaN, 2], [-0, 5]]); let s = ''; for (const [k, v] of m) { s += `${k}=${v};`; if (k === 'a' && i % 7 === 0 && m.size < 6) m.set('new', i); if (k === 'a' && i % 5 === 0) m.delete(NaN); } return s + m.get(0) + m.size; });
