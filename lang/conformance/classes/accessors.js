'use strict';
// Getters, setters, static accessors, inheritance through super.
class Temp {
  constructor(c) { this._c = c; }
  get f() { return this._c * 9 / 5 + 32; }
  set f(v) { this._c = (v - 32) * 5 / 9; }
  static get zero() { return new Temp(0); }
  get self() { return this; }
}
const t = new Temp(100);
console.log(t.f, (t.f = 32), t._c, Temp.zero, t.self === t, Object.keys(t));
class Loud extends Temp {
  get f() { return 'loud ' + super.f; }
  set f(v) { super.f = v + 1; }
}
const l = new Loud(0);
console.log(l.f);
l.f = 31;
console.log(l._c, l.f);
class OnlyGet { get x() { return 1; } }
try { new OnlyGet().x = 2; } catch (e) { console.log(e.name + ': ' + e.message); }
class Lazy { get value() { this.hits = (this.hits || 0) + 1; return this.hits; } }
const z = new Lazy();
console.log(z.value, z.value, z.hits);
