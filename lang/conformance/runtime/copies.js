'use strict';
// Spread and Object.assign: the same copy many times, and what may change between two of them.
function spread(o) { return { ...o, last: 1 }; }
function assign(o) { return Object.assign({}, o); }
function join(a, b) { return { ...a, ...b }; }
const sources = [{ a: 1, b: 2 }, { a: 3, b: 4 }, { b: 1, a: 2 }, {}, { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9 }];
for (let round = 0; round < 3; round++) {
  for (const s of sources) console.log(JSON.stringify(spread(s)), JSON.stringify(assign(s)), JSON.stringify(join(s, { z: 1, a: 0 })));
}
const copy = spread(sources[0]);
copy.a = 99;
console.log(sources[0].a, copy.a);

// Getters are read, setters of the target are called, also those that appear later.
const getter = { get x() { return 42; }, y: 1 };
console.log(JSON.stringify(spread(getter)), JSON.stringify(assign(getter)));
class Target {}
function fill(t) { return Object.assign(t, { p: 1, q: 2 }); }
for (let i = 0; i < 3; i++) console.log(JSON.stringify(fill(new Target())));
const calls = [];
Object.defineProperty(Target.prototype, 'q', { set(v) { calls.push(v); }, get() { return 'proto'; }, configurable: true });
for (let i = 0; i < 3; i++) { const t = fill(new Target()); console.log(JSON.stringify(t), t.q, calls.length); }
Object.defineProperty(Target.prototype, 'p', { value: 7, writable: false, configurable: true });
try { fill(new Target()); console.log('no error'); } catch (e) { console.log(e.constructor.name, e.message); }

// Elements, hidden properties, symbols.
const withElements = { a: 1 };
for (let i = 0; i < 2; i++) { console.log(JSON.stringify(assign(withElements))); withElements[5] = 'five'; }
const plain = { a: 1 };
console.log(JSON.stringify(assign(plain)));
const hidden = { a: 1 };
Object.defineProperty(hidden, 'h', { value: 2, enumerable: false, configurable: true });
console.log(JSON.stringify(assign(hidden)), assign(hidden).h);
Object.defineProperty(hidden, 'h', { enumerable: true });
console.log(JSON.stringify(assign(hidden)));
const { a, ...rest } = { a: 1, b: 2, c: 3 };
console.log(a, JSON.stringify(rest));
const frozen = Object.freeze({ a: 1 });
console.log(JSON.stringify(spread(frozen)), Object.isFrozen(spread(frozen)));
try { Object.assign(frozen, { b: 1 }); } catch (e) { console.log(e.message); }
// Into what has some of them already.
for (let i = 0; i < 3; i++) console.log(JSON.stringify(Object.assign({ b: 0, x: 1 }, { a: 1, b: 2 })));
// Big ones, over and over.
const big = {};
for (let i = 0; i < 40; i++) big['n' + i] = i;
let total = 0;
for (let i = 0; i < 200; i++) { const c = { ...big, i }; total += c.n39 + Object.keys(c).length; }
console.log(total);
