'use strict';
// `instanceof` of functions that are no constants: with `prototype` replaced, and with `Symbol.hasInstance`.
function is(v, f) { return v instanceof f; }
function A() {}
function B() {}
B.prototype = Object.create(A.prototype);
const values = [new A(), new B(), {}, 1, null];
const classes = [A, B, Object, Array, class C {}];
let n = 0;
for (let i = 0; i < 20000; i++) if (is(values[i % 5], classes[(i >> 2) % 5])) n++;
console.log(n);
const old = new A();
A.prototype = { fresh: true };
console.log(is(old, A), is(new A(), A), is(new B(), B), is(new B(), A));
class Even { static [Symbol.hasInstance](v) { return v % 2 === 0; } }
console.log(is(2, Even), is(3, Even), is(old, B));
Object.defineProperty(B, Symbol.hasInstance, { value: () => true });
console.log(is(1, B), is(old, B.bind()), is(old, A.bind()));
for (const wrong of [1, {}, null]) {
  try { console.log(is(old, wrong)); } catch (e) { console.log(e.message); }
}
A.prototype = 5;
try { console.log(is(old, A)); } catch (e) { console.log(e.message); }
const number = { valueOf() { return 3; } };
function less(a, b) { return a < b; }
let count = 0;
for (let i = 0; i < 3000; i++) if (less(number, i % 6)) count++;
console.log(count, less({}, {}), less([2], 3));
number.valueOf = undefined;
number.toString = () => "5";
console.log(less(number, 6), less(number, 4));
number[Symbol.toPrimitive] = (hint) => (hint === "number" ? 1 : 9);
console.log(less(number, 2), number + 1);
