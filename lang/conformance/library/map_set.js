'use strict';
// Map and Set: key equality, order, changes during iteration, iterators, subclasses.
const m = new Map([[1, 'one'], ['1', 'string'], [NaN, 'nan'], [0, 'zero'], [null, 'null'], [undefined, 'undef'], [true, 'true']]);
console.log(m.get(1), m.get(1.0), m.get('1'), m.get(NaN), m.get(-0), m.get(null), m.get(undefined), m.get(), m.get(true), m.get('x'), m.has(NaN), m.has(2), m.size);
m.set(-0, 'neg'); console.log([...m.keys()], Object.is([...m.keys()][3], 0)); const k = {}; m.set(k, 1).set(k, 2); console.log(m.get(k), m.get({}), m.size, m.delete(k), m.delete(k), m.size);
const long = new Map(); for (let i = 0; i < 1000; i++) long.set('k' + i, i); for (let i = 0; i < 1000; i += 2) long.delete('k' + i); for (let i = 0; i < 100; i++) long.set('n' + i, -i);
let sum = 0; for (const [key, v] of long) sum += v + key.length; console.log(long.size, sum, long.get('k501'), long.get('k500'), [...long.keys()].slice(498, 503));
const seen = []; const grow = new Set([1]); for (const x of grow) { seen.push(x); if (x < 5) grow.add(x + 1); } console.log(seen);
const del = new Set([1, 2, 3, 4, 5, 6]); const got = []; for (const x of del) { got.push(x); del.delete(x); del.delete(x + 1); if (x === 3) del.add(1); } console.log(got, [...del]);
const readd = new Map([['a', 1], ['b', 2], ['c', 3]]); const order = []; for (const [key] of readd) { order.push(key); if (order.length < 6 && key === 'a') { readd.delete('a'); readd.set('a', 9); } } console.log(order.slice(0, 8));
const clr = new Set([1, 2, 3]); const c = []; for (const x of clr) { c.push(x); if (x === 2) { clr.clear(); clr.add(7); clr.add(8); } } console.log(c);
const rehash = new Map(); for (let i = 0; i < 4; i++) rehash.set(i, i); const it = rehash.entries(); it.next(); it.next(); rehash.delete(0); for (let i = 10; i < 50; i++) rehash.set(i, i); console.log(it.next().value, [...it].length);
rehash.forEach((v, key, map) => { if (v === 10) map.delete(11); if (v < 14) console.log(v, key, map === rehash); });
console.log(new Map([[1, 2]]).forEach(function () { console.log(this.t); }, { t: 'this' }), new Set('hello').size, [...new Set([3, 1, 3, 2, 1])], new Set([NaN, NaN, 0, -0]).size);
console.log(new Map(Object.entries({ a: 1 })), Object.fromEntries(new Map([['x', 1], ['y', 2]])), [...new Map([[1, 2]]).values()], new Set([1, 2]).entries().next(), new Map().keys().next());
class Counter extends Map { inc(key) { return this.set(key, (this.get(key) || 0) + 1); } }
const counter = new Counter(); for (const w of 'a b a c a'.split(' ')) counter.inc(w); console.log(counter, counter.size, counter instanceof Map, [...counter].sort((x, y) => y[1] - x[1])[0]);
class Loud extends Set { add(x) { console.log('add', x); return super.add(x); } } console.log(new Loud([1, 2]).size);
const w = new WeakMap(); const key = {}; w.set(key, 'v'); console.log(w.get(key), w.has({}), w.delete(key), w.has(key), new WeakSet([key]).has(key), w.get(1));
for (const f of [() => new Map([1]), () => new Map(5), () => Map(), () => new Set(1), () => new Map().set.call({}, 1), () => new WeakMap().set('x', 1), () => new Map([[1, 2]]).forEach()]) try { f(); } catch (e) { console.log(e.name + ': ' + e.message); }
const strs = new Map(); for (const s of ['abc', 'a' + 'bc', ['a', 'b', 'c'].join('')]) strs.set(s, (strs.get(s) || 0) + 1); console.log(strs); strs.set(2 ** 31, 'big').set(4294967296.5, 'f').set(1e300, 'h'); console.log(strs.get(2147483648), strs.get(4294967296.5), strs.get(1e300));
const nested = new Map([['m', new Map([['s', new Set([[1, 2], { a: new Map() }])]])]]); console.log(nested, nested.get('m').get('s').size);
const s1 = new Set([1, 2, 3]), s2 = new Set([2, 3, 4]); console.log([...s1].filter((x) => s2.has(x)), new Set([...s1, ...s2]), [...s1].some((x) => x > 2)); const [first, ...rest] = s1; console.log(first, rest, Math.max(...s2), Array.from(s1, (x) => x * 2));
