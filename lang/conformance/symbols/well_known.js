'use strict';
// What the well-known symbols change.
function attempt(f) {
  try { return f(); } catch (e) { return e.name + ': ' + e.message; }
}
const hints = [];
const money = { amount: 5, [Symbol.toPrimitive](hint) { hints.push(hint); return hint === 'number' ? this.amount : hint === 'string' ? '$' + this.amount : 'default'; } };
console.log(+money, `${money}`, money + 1, money * 2, money == 'default', money < 6, String(money), Number(money), [money] + '', { [money]: 1 }, Math.max(money, 3), new Date(money).getTime(), hints.join());
console.log(attempt(() => +{ [Symbol.toPrimitive]: 5 }), attempt(() => +{ [Symbol.toPrimitive]: () => ({}) }), +{ [Symbol.toPrimitive]: undefined, valueOf: () => 3 }, +{ [Symbol.toPrimitive]: null, valueOf: () => 4 }, attempt(() => +{ [Symbol.toPrimitive]() { throw new RangeError('mine'); } }), attempt(() => ({ valueOf: () => ({}), toString: () => ({}) }) + ''));
const d = new Date(86400000);
console.log(d[Symbol.toPrimitive]('number'), typeof (d + 1), d - 1, d[Symbol.toPrimitive]('default') === d.toString(), attempt(() => d[Symbol.toPrimitive]('x')), attempt(() => d[Symbol.toPrimitive]()), typeof d[Symbol.toPrimitive]('string'));
console.log(Symbol('s')[Symbol.toPrimitive]().description, Object(Symbol('w'))[Symbol.toPrimitive]('default').description);
class Even { static [Symbol.hasInstance](n) { return n % 2 === 0; } }
console.log(2 instanceof Even, 3 instanceof Even, 'x' instanceof Even, new Even() instanceof Even);
const matcher = { [Symbol.hasInstance](v) { return v && 'yes'; } };
console.log(1 instanceof matcher, 0 instanceof matcher, attempt(() => 1 instanceof {}), attempt(() => 1 instanceof 5), attempt(() => 1 instanceof { [Symbol.hasInstance]: 3 }), [] instanceof Array, Function.prototype[Symbol.hasInstance].call(Array, []), Function.prototype[Symbol.hasInstance].call({}, []), attempt(() => ({}) instanceof (() => 1)));
class Base {} class Derived extends Base {}
console.log(new Derived() instanceof Base, Function.prototype[Symbol.hasInstance].call(Base, new Derived()), Base[Symbol.hasInstance] === Function.prototype[Symbol.hasInstance], (function () {}).bind() instanceof Function);
class Tagged { get [Symbol.toStringTag]() { return 'Label'; } }
class Tagged2 { static get [Symbol.toStringTag]() { return 'S'; } }
console.log(String(new Tagged()), new Tagged(), [new Tagged()], { x: new Tagged() }, Tagged2, `${{ [Symbol.toStringTag]: 'Own' }}`, { [Symbol.toStringTag]: 'Own' }, { [Symbol.toStringTag]: 5 }, String({ [Symbol.toStringTag]: 5 }));
for (const v of [new Map(), new Set(), new WeakMap(), new WeakSet(), Math, JSON, new Int8Array(1), new ArrayBuffer(1), new DataView(new ArrayBuffer(1)), Symbol.prototype, [][Symbol.iterator](), ''[Symbol.iterator](), new Map().keys(), new Set().values(), 'a'.matchAll(/a/g), [], {}, /x/, new Date(0), () => 1, new Error('e'), null, undefined, 1, 'a', true]) {
  console.log(v == null ? v : v[Symbol.toStringTag], Object.prototype.toString.call(v));
}
console.log(Object.getOwnPropertyDescriptor(Map.prototype, Symbol.toStringTag), Object.getOwnPropertyDescriptor(Math, Symbol.toStringTag).value, Int8Array.prototype[Symbol.toStringTag]);
const tagged = Object.create({ [Symbol.toStringTag]: 'Inherited' });
tagged.x = 1;
console.log(tagged, String(tagged), Object.create(null), Object.create({ constructor: 5 }));
