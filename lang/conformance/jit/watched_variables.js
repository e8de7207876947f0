// State on prototypes and classes that others inherit from: assigned while optimized code holds methods beside it.
'use strict';
class Base {
  static made = 0;
  static make() { this.made++; Base.made += 0; return new this(); }
  size() { return this.unit * 2; }
}
Base.prototype.unit = 1;
class Derived extends Base {}
let sizes = 0;
for (let i = 0; i < 12000; i++) {
  const d = Derived.make();
  if (i % 3000 === 0) Base.prototype.unit += 1;
  sizes += d.size();
}
console.log(sizes, Base.made, Derived.made);

// A method that is redefined, an accessor that is replaced, a property that appears in between.
class A { get v() { return 1; } m() { return 10; } }
class B extends A {}
const b = new B();
function read() { return b.v + b.m(); }
let seen = 0;
for (let i = 0; i < 12000; i++) {
  if (i === 5000) A.prototype.m = function () { return 20; };
  if (i === 7000) Object.defineProperty(A.prototype, 'v', { get() { return 2; }, configurable: true });
  if (i === 9000) B.prototype.m = function () { return 30; };
  if (i === 11000) Object.defineProperty(A.prototype, 'v', { value: 5, writable: true, configurable: true });
  if (i === 11500) A.prototype.v = 6;
  seen += read();
}
console.log(seen);

// Array.prototype.constructor is asked by map, not by the program.
class Mine extends Array {}
const plain = [1, 2, 3];
function mapped() { return plain.map((x) => x + 1); }
let kinds = 0;
const original = Array.prototype.constructor;
for (let i = 0; i < 6000; i++) {
  if (i === 4000) Array.prototype.constructor = Mine;
  kinds += mapped() instanceof Mine ? 1 : 0;
}
Array.prototype.constructor = original;
console.log(kinds);
