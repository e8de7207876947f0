'use strict';
// JSON.stringify: values, skipping, indentation, toJSON, replacers.
console.log(JSON.stringify({ a: 1, b: 'x', c: [1, null, undefined, () => 0, NaN], d: undefined, e: () => 0, f: { g: true } }));
for (const v of [1, 'q"\\\n\u0001é', null, undefined, true, NaN, Infinity, -0, [], {}, () => 0, [[]], '\ud800']) console.log(JSON.stringify(v));
console.log(JSON.stringify({ a: [1, { b: 2 }], c: {}, d: [] }, null, 2));
console.log(JSON.stringify([1, [2]], null, '--'), JSON.stringify({ a: 1 }, null, 20), JSON.stringify({ a: 1 }, null, ''));
console.log(JSON.stringify({ toJSON() { return { replaced: 1 }; } }), JSON.stringify({ a: { toJSON(k) { return 'key ' + k; } } }));
console.log(JSON.stringify({ a: 1, b: 2, c: { a: 3, d: 4 } }, ['a', 'c']), JSON.stringify({ a: 1, b: 'x' }, (k, v) => (typeof v === 'number' ? v + 1 : v)));
class P { constructor() { this.x = 1; } get y() { return 2; } }
console.log(JSON.stringify(new P()), JSON.stringify({ 2: 'b', 1: 'a', z: 0 }), JSON.stringify([, 1]));
const c = {};
c.c = c;
try { JSON.stringify(c); } catch (e) { console.log(e.name, e.message.split('\n')[0]); }
