'use strict';
// One site, more shapes than an inline cache holds: own and inherited properties, in the object and outside, getters,
// absent ones, primitives; and what happens when a prototype changes after the site has got hot.
class A { constructor() { this.x = 1; } name() { return 'A'; } }
class B { constructor() { this.a = 0; this.x = 2; } name() { return 'B'; } }
class C { constructor() { this.a = 0; this.b = 0; this.x = 3; } name() { return 'C'; } }
class D { get x() { return 4; } name() { return 'D'; } }
class E extends A { constructor() { super(); this.e = 1; } }
class F extends E { constructor() { super(); this.f = 1; } name() { return 'F' + super.name(); } }
class Base {}
Base.prototype.x = 7;
Base.prototype.name = function () { return 'Base'; };
class G extends Base {}
const many = {};
for (let i = 0; i < 40; i++) many['p' + i] = i;
many.x = 8;
many.name = () => 'many';
const bare = { name() { return 'bare'; } };
const things = [new A(), new B(), new C(), new D(), new E(), new F(), new G(), many, bare];

function read(o) { return o.x; }
function call(o) { return o.name(); }

function round() {
  const seen = [];
  for (const t of things) seen.push(read(t) + call(t));
  return seen.join(' ');
}
let last = '';
for (let i = 0; i < 400; i++) last = round();
console.log(last);
Base.prototype.x = 70;
console.log(round());
A.prototype.name = function () { return 'a'; };
console.log(round());
Object.setPrototypeOf(G.prototype, { x: 'moved', name() { return '!'; } });
console.log(round());
delete many.x;
console.log(round());
bare.x = 9;
console.log(round());
String.prototype.name = function () { return 'string ' + this.length; };
Number.prototype.name = function () { return 'number'; };
things.push('text', 5, true);
Boolean.prototype.name = () => 'boolean';
for (let i = 0; i < 400; i++) last = round();
console.log(last);
things.push(null);
try { round(); } catch (e) { console.log(e.message); }
for (let i = 0; i < 200; i++) { try { round(); } catch (e) { last = e.message; } }
console.log(last);
