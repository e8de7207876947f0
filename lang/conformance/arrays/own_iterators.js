'use strict';
// Arrays with an iterator method of their own or of their class, cold and hot.
const once = (v) => { let i = 0; return { next: () => ({ done: i++ > 0, value: v }) }; };
class Custom extends Array { [Symbol.iterator]() { return once('class'); } }
class Plain extends Array {}
function all(a) { const out = []; for (const x of a) out.push(x); return out.join(); }
function two(a) { const [x, y] = a; return x + ',' + y; }
function spread(a) { return [...a].join(); }
function spreadCall(a) { return Math.max(...a); }
const own = [1, 2];
own[Symbol.iterator] = () => once(7);
const named = [5, 6];
named.label = 'n';
for (let round = 0; round < 2; round++) {
  for (const f of [all, two, spread]) console.log(f.name, f([1, 2]), f(Custom.of(1, 2)), f(Plain.of(3, 4)), f(own), f(named));
  console.log(spreadCall([1, 2]), spreadCall(own), spreadCall(named));
  for (let i = 0; i < 3000; i++) { all([1, 2]); two([3, 4]); spread([5]); all(named); }
}
for (let i = 0; i < 3000; i++) { all(Custom.of(i)); two(own); }
console.log(all(Custom.of(1)), two(own), all(Plain.of(1)), all([9]));
