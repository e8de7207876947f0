'use strict';
// Keys of Map and Set: what is one key, in whatever form it comes.
const m = new Map();
m.set(1, 'int'); m.set(2 / 2, 'again'); m.set(0, 'zero'); m.set(-0, 'minus zero');
m.set(NaN, 'nan'); m.set(0 / 0, 'nan again'); m.set(1.5, 'half'); m.set(3 / 2, 'half again');
m.set('1', 'text'); m.set(`${1}`, 'same text'); m.set(2147483648, 'big'); m.set(Math.pow(2, 31), 'big again');
m.set(-2147483649, 'low'); m.set(true, 't'); m.set(null, 'n'); m.set(undefined, 'u');
console.log(m.size, [...m].map(([k, v]) => String(k) + '=' + v).join(' '));
console.log(Object.is([...m.keys()][1], 0), m.get(0.5 * 2), m.get(-0), m.has(NaN), m.get(4294967296 / 2), m.get('1'));

// Strings that were put together in different ways.
const words = new Map();
for (let i = 0; i < 300; i++) words.set('key' + (i % 50), (words.get('key' + (i % 50)) || 0) + 1);
let long = 'a rather long key that becomes a rope ';
words.set(long + 'x', 'rope');
console.log(words.size, words.get('ke' + 'y7'), words.get('xkey7'.slice(1)), words.get((long + 'xy').slice(0, -1)));
words.set('h\u00e9\u4e16', 'wide');
console.log(words.get('h\u00e9' + String.fromCharCode(0x4e16)), words.has('h\u00e9'));

// Integers, dense and sparse, with deletions between, and iteration over all that.
const s = new Set();
for (let i = 0; i < 5000; i++) s.add((i * 7919) % 6007);
for (let i = 0; i < 6007; i += 2) s.delete(i);
let sum = 0, n = 0;
for (const v of s) { sum += v; n++; }
console.log(s.size, n, sum);
const order = [];
const live = new Set([1, 2, 3]);
for (const v of live) {
  order.push(v);
  if (v === 1) { live.delete(2); live.add(4); live.add(2.0); }
  if (v === 4) { live.delete(1); live.add(1); }
  if (order.length > 8) break;
}
console.log(order.join());
const clearing = new Map([[1, 1], [2, 2]]);
const got = [];
for (const [k] of clearing) { got.push(k); if (k === 1) { clearing.clear(); clearing.set(7, 7); } }
console.log(got.join());

// Objects and functions by identity.
const objects = new Map();
const keys = [];
for (let i = 0; i < 2000; i++) { const k = i % 2 ? { i } : () => i; keys.push(k); objects.set(k, i); }
console.log(keys.every((k, i) => objects.get(k) === i), objects.get({ i: 1 }));
const weak = new WeakMap();
keys.forEach((k, i) => weak.set(k, i));
console.log(keys.every((k, i) => weak.get(k) === i), weak.has({}));
