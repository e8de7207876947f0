'use strict';
// super in static blocks, static fields and private methods; reads of parameters before their turn.
class A {
  static x = 1;
  static who() { return 'A.' + this.tag; }
  p() { return 'A.p'; }
  get g() { return 'A.g'; }
}
class B extends A {
  static tag = 'tB';
  static y = super.x + 1;
  static { this.z = super.x + 5; this.w = super.who(); }
  #q() { return super.p() + '/' + super.g; }
  get #r() { return super.p(); }
  static #s() { return super.who(); }
  both() { return this.#q() + ' ' + this.#r; }
  static t() { return B.#s(); }
  static arrow = () => super.x;
  f = () => super.p();
}
console.log(B.y, B.z, B.w, new B().both(), B.t(), B.arrow(), new B().f());

class C extends B {
  p() { return 'C.p'; }
}
console.log(new C().both());

const tries = [
  () => { (function f(a = b, b) { return a; })(); },
  () => (function f(a = b, b) { return a; })(1, 2),
  () => { for (let x of [x]) console.log(x); },
  () => { for (const k in { k }) console.log(k); },
  () => { (function f(a = a) { return a; })(); },
];
for (const f of tries) {
  try { console.log(f()); } catch (e) { console.log(e.name + ': ' + e.message); }
}
