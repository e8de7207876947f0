'use strict';
// Loops over every kind of typed array, hot enough for every tier, with what makes guards fail at the end.
const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
function makers(K) {
  // A function of its own for each kind, so that each sees one kind only.
  return {
    fill: new (class { run(a, n) { for (let i = 0; i < n; i++) a[i] = i * 37 - 1000; return a; } })(),
  };
}
function fillInts(a) { for (let i = 0; i < a.length; i++) a[i] = i * 37 - 1000; }
function fillDoubles(a) { for (let i = 0; i < a.length; i++) a[i] = i * 1.37 - 50.25; }
function sum(a) { let s = 0; for (let i = 0; i < a.length; i++) s += a[i]; return s; }
function bits(a) { let h = 0; for (let i = 0; i < a.length; i++) h = (h * 31 + (a[i] ^ i)) | 0; return h; }
function swap(a) { for (let i = 0, j = a.length - 1; i < j; i++, j--) { const t = a[i]; a[i] = a[j]; a[j] = t; } }
function bump(a) { for (let i = 0; i < a.length; i++) { a[i]++; a[i] += 3; a[i] = a[i] * 2; } }
const names = 'fillInts fillDoubles sum bits swap bump'.split(' ');
for (const K of kinds) {
  const a = new K(2000);
  let line = K.name;
  for (let round = 0; round < 12; round++) {
    fillInts(a); line += ' ' + sum(a) + ' ' + bits(a);
    fillDoubles(a); line += ' ' + sum(a) + ' ' + bits(a);
    swap(a); bump(a); line += ' ' + sum(a) + ' ' + bits(a);
  }
  console.log(line.length, line.slice(0, 160), bits(a), sum(a));
}
// One kind alone each: monomorphic code.
function dot(a, b) { let s = 0; for (let i = 0; i < a.length; i++) s += a[i] * b[i]; return s; }
const x = Float64Array.from({ length: 3000 }, (_, i) => Math.sin(i)), y = Float64Array.from({ length: 3000 }, (_, i) => Math.cos(i));
let total = 0;
for (let r = 0; r < 60; r++) total += dot(x, y);
console.log(total);
function sieve(flags) {
  let count = 0;
  flags.fill(1);
  for (let i = 2; i < flags.length; i++) {
    if (flags[i] === 1) { count++; for (let j = i + i; j < flags.length; j += i) flags[j] = 0; }
  }
  return count;
}
const flags = new Uint8Array(20000);
let primes = 0;
for (let r = 0; r < 5; r++) primes += sieve(flags);
console.log(primes);
function crc(table, bytes) { let c = -1; for (let i = 0; i < bytes.length; i++) c = table[(c ^ bytes[i]) & 255] ^ (c >>> 8); return (c ^ -1) >>> 0; }
const table = new Uint32Array(256);
for (let n = 0; n < 256; n++) { let c = n; for (let k = 0; k < 8; k++) c = c & 1 ? 0xEDB88320 ^ (c >>> 1) : c >>> 1; table[n] = c; }
const text = Uint8Array.from('123456789'.repeat(500), ch => ch.charCodeAt(0));
let last = 0;
for (let r = 0; r < 10; r++) last = crc(table, text);
console.log(last.toString(16), crc(table, Uint8Array.from('123456789', ch => ch.charCodeAt(0))).toString(16));
function u32max(a) { let m = 0; for (let i = 0; i < a.length; i++) if (a[i] > m) m = a[i]; return m; }
const u = new Uint32Array(3000);
for (let i = 0; i < 3000; i++) u[i] = i * 1500000;
let m = 0;
for (let r = 0; r < 30; r++) m = u32max(u);
console.log(m, u[2999], u[2999] | 0);
function clampRamp(a, k) { for (let i = 0; i < a.length; i++) a[i] = (i - 100) * k; }
const c = new Uint8ClampedArray(600);
for (let r = 0; r < 40; r++) clampRamp(c, 0.75);
console.log(bits(c), c[99], c[101], c[103], c[400], c[599]);
for (let r = 0; r < 40; r++) clampRamp(c, 2);
console.log(bits(c), c[101], c[599]);
// Failing guards: out of bounds, other kinds, values that are no numbers, odd keys, NaN with unusual bits.
function load(a, i) { return a[i]; }
function store(a, i, v) { a[i] = v; return a[i]; }
const i32 = new Int32Array([1, 2, 3, 4]);
for (let r = 0; r < 3000; r++) { load(i32, r & 3); store(i32, r & 3, r); }
console.log(load(i32, 4), load(i32, -1), load(i32, 1.5), load(i32, '2'), load(i32, 'length'), load(x, 1), load([7], 0), load('abc', 1), load(i32, 2));
console.log(store(i32, 4, 1), store(i32, 0, 1.9), store(i32, 1, '17'), store(i32, 2, undefined), store(i32, 3, { valueOf: () => 2 ** 31 }), store(i32, -1, 5), store(x, 0, 2.5), store([1], 0, 'q'));
try { store(i32, 0, Symbol.iterator); } catch (e) { console.log(e.message); }
for (let r = 0; r < 3000; r++) { load(i32, r & 7); store(i32, r & 7, r); }
console.log(i32);
const raw = new Uint32Array(2), asDouble = new Float64Array(raw.buffer), asFloat = new Float32Array(raw.buffer);
function pick(d, i) { return d[i]; }
function keep(d, list) { const v = d[0]; list[0] = v; return v === v; }
const list = [0.5];
for (let r = 0; r < 3000; r++) { raw[1] = 0x3FF00000; pick(asDouble, 0); pick(asFloat, 1); keep(asDouble, list); }
for (const high of [0xFFFFFFFF, 0xFFFE0000, 0x7FF4DEAD, 0xFFF80001]) {
  raw[0] = 0xDEADDEAD; raw[1] = high;
  console.log(pick(asDouble, 0), pick(asFloat, 1), keep(asDouble, list), list, typeof list[0], 0 in list);
}
// The length accessor, and when it is no longer the built-in one.
function measure(a) { let n = 0; for (let i = 0; i < 50; i++) n += a.length; return n; }
for (let r = 0; r < 200; r++) measure(i32);
console.log(measure(i32), measure(x), measure([1, 2]), measure('abc'), measure({ length: 3 }), measure(new Uint8Array(7)));
Object.defineProperty(x, 'length', { value: 5 });
console.log(measure(x), measure(y));
Object.defineProperty(Float64Array.prototype, 'length', { get() { return 11; }, configurable: true });
console.log(measure(x), measure(y), measure(i32));
for (let r = 0; r < 200; r++) measure(y);
delete Float64Array.prototype.length;
console.log(measure(y), makers(Int8Array).fill.run(new Int8Array(4), 4), names.length);
let s = 0;
for (let r = 0; r < 300; r++) for (const v of i32) s += v;
console.log(s);
