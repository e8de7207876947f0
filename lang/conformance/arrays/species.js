'use strict';
// Methods on arrays of a program's own class give arrays of that class.
class Stack extends Array {
  constructor(...args) { super(...args); calls.push(args.length === 1 ? args[0] : args.length); }
  get top() { return this[this.length - 1]; }
  sum() { return this.reduce((a, b) => a + b, 0); }
}
const calls = [];
const s = Stack.from([3, 1, 2]);
console.log(s, s.top, s.sum(), calls.splice(0));
console.log(s.map(x => x * 2), s.filter(x => x > 1), s.slice(1), s.concat([9], 8), s.flatMap(x => [x, x]), s.flat(), calls.splice(0));
console.log(s.splice(0, 1), s, s.map(x => x) instanceof Stack, s.filter(() => true).top, calls.splice(0));
console.log(s.toSorted(), s.toReversed(), s.with(0, 5), s.toSpliced(0, 1), [...s], s.sort(), s.reverse(), s.fill(7), calls.splice(0));
console.log(Stack.of(1, 2), new Stack(3), new Stack('a'), Array.from(s), Array.isArray(s), Object.getPrototypeOf(s) === Stack.prototype);
console.log(s.constructor === Stack);
class Plain extends Array { constructor() { super(); } }
const p = new Plain(); p.push(1, 2, 3);
console.log(p.map(x => x + 1), p.filter(x => x > 1).length, p.concat(p).length);
const holes = Stack.from([1, 2, 3]); delete holes[1];
console.log(holes.map(x => x), holes.slice(), holes.concat([]), holes.filter(() => true), holes.flat());
let total = 0;
for (let i = 0; i < 500; i++) { calls.length = 0; total += s.map(x => x + i).sum() + s.slice(0, 1).length; }
console.log(total);
console.log(({}).__proto__ === Object.prototype, [].__proto__ === Array.prototype, Object.create(null).__proto__, (5).__proto__ === Number.prototype);
function Animal() {} function Dog() {}
Dog.prototype.__proto__ = Animal.prototype;
console.log(new Dog() instanceof Animal, Object.getPrototypeOf(Dog.prototype) === Animal.prototype, Object.getOwnPropertyDescriptor(Object.prototype, '__proto__').get.name);
const o = {}; o.__proto__ = null; console.log(Object.getPrototypeOf(o), o.__proto__, '__proto__' in o); o.__proto__ = 3; console.log(o.__proto__, Object.keys(o));
const q = { __proto__: { x: 1 } }; console.log(q.x, Object.keys(q), JSON.parse('{"__proto__": 5}'), q.hasOwnProperty('__proto__'));
try { const c = {}; const e = Object.create(c); c.__proto__ = e; } catch (e) { console.log(e.message); }
try { Object.preventExtensions(q).__proto__ = {}; } catch (e) { console.log(e.message); }
console.log(new Date(0).toGMTString(), Date.prototype.toGMTString === Date.prototype.toUTCString);
