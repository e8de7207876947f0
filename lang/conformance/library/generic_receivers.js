'use strict';
// Lengths and arguments of generic methods: which is looked at first, and what is too long.
function attempt(what, f) {
  try { console.log(what, f()); } catch (e) { console.log(what, e.constructor.name, e.message); }
}
const never = { valueOf() { throw new Error('converted'); } };
attempt('indexOf', () => [].indexOf(1, never));
attempt('lastIndexOf', () => [].lastIndexOf(1, never));
attempt('includes', () => [].includes(1, never));
attempt('typed indexOf', () => new Int8Array(0).indexOf(1, never));
attempt('typed lastIndexOf', () => new Int8Array(0).lastIndexOf(1, never));
attempt('typed includes', () => new Int8Array(0).includes(1, never));
const long = { length: 2 ** 32, get 0() { throw new Error('read'); } };
for (const name of ['toReversed', 'toSorted', 'toSpliced', 'with']) attempt(name, () => Array.prototype[name].call(long, 0, 0));
attempt('toSpliced of the longest', () => Array.prototype.toSpliced.call({ length: 2 ** 53 - 1 }, 0, 0, 1));
attempt('Array.from of the longest', () => Array.from({ length: 2 ** 32 }));
attempt('typed of the longest', () => new Float64Array({ length: 2 ** 53 }));
attempt('no iterator', () => Array.from({ [Symbol.iterator]: 42 }));
attempt('no typed iterator', () => new Int8Array({ [Symbol.iterator]: true }));
attempt('null iterator', () => Array.from({ [Symbol.iterator]: null, length: 1 }));
// Holes at a great distance.
const sparse = [1, 2];
sparse[999999] = 3;
let calls = 0;
const doubled = sparse.map((x) => { calls++; return 2 * x; });
console.log(calls, doubled.length, doubled[999999], 5 in doubled);
const leaps = [];
for (let i = 1, k = 1; i <= 31; i++) { k *= 2; leaps[k - 2] = k; }
let seen = 0;
for (const i in leaps) seen += leaps[i];
console.log(leaps.length, seen);
// Array.from defines as it iterates, and closes the iterator when that fails.
let closed = 0;
const items = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return() { closed++; return {}; } }; } };
function Locked() { Object.defineProperty(this, '0', { value: 0, writable: true, configurable: false }); }
attempt('locked', () => Array.from.call(Locked, items));
console.log(closed);
function Plain() {}
const made = Array.from.call(Plain, new Set(['a', 'b']), function (x, i) { return x + i + Object.keys(this).length; }, { k: 1 });
console.log(made);
// The length of an array.
attempt('length -1', () => Object.defineProperty([], 'length', { value: -1, configurable: true }));
attempt('length NaN', () => Object.defineProperty([], 'length', { value: NaN, enumerable: true }));
attempt('length configurable', () => Object.defineProperty([], 'length', { configurable: true }));
const frozen = Object.freeze([1, 2]);
attempt('frozen same', () => Object.defineProperty(frozen, 'length', { value: 2, writable: false }).length);
attempt('frozen other', () => Object.defineProperty(frozen, 'length', { value: 1 }));
attempt('frozen writable', () => Object.defineProperty(frozen, 'length', { writable: true }));
attempt('frozen too long', () => Object.defineProperty(frozen, 'length', { value: 2 ** 53 }));
attempt('shorter', () => Object.defineProperty([1, 2, 3], 'length', { value: 1 }));
attempt('matchAll', () => 'a'.matchAll(Object.defineProperty(/a/g, 'flags', { value: undefined })));
attempt('matchAll flags', () => [...'aa'.matchAll(Object.defineProperty(/a/g, 'flags', { value: 'gi' }))].length);
attempt('matchAll not global', () => 'a'.matchAll(/a/));
const typed = new Int8Array([4, 5]);
Object.defineProperty(typed, 'length', { get() { throw new Error('asked'); } });
attempt('toLocaleString', () => typed.toLocaleString());
