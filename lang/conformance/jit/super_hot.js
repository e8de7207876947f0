'use strict';
// super calls and super properties in hot code, with the parent changing.
class Base { constructor(v) { this.v = v; } calc(k) { return this.v + k; } }
class Derived extends Base { constructor(v) { super(v * 2); this.d = 1; } calc(k) { return super.calc(k) + this.d; } }
class Third extends Derived { calc(k) { return super.calc(k * 2); } }
let s = 0;
for (let i = 0; i < 20000; i++) s += new Third(i).calc(i % 5);
console.log(s);
Base.prototype.calc = function (k) { return this.v - k; };
for (let i = 0; i < 20000; i++) s += new Third(i).calc(i % 5);
console.log(s);
Object.setPrototypeOf(Derived.prototype, { calc: (k) => k });
for (let i = 0; i < 20000; i++) s += new Third(i).calc(i % 5);
console.log(s);
Object.setPrototypeOf(Derived, class { constructor() { this.v = 'swapped'; } });
console.log(new Third(1));
