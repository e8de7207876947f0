'use strict';
// The rules of derived constructors.
class Base { constructor() { this.b = 1; } }
class NoSuper extends Base { constructor() {} }
class ThisFirst extends Base { constructor() { this.x = 1; super(); } }
class Twice extends Base { constructor() { super(); super(); } }
class Conditional extends Base { constructor(c) { if (c) super(); this.y = 1; } }
class ViaArrow extends Base { constructor() { const f = () => super(); f(); this.z = this.b + 1; } }
for (const f of [() => new NoSuper(), () => new ThisFirst(), () => new Twice(), () => new Conditional(true), () => new Conditional(false), () => new ViaArrow()]) {
  try { console.log(f()); } catch (e) { console.log(e.name + ': ' + e.message); }
}
for (const parent of [5, undefined, {}, () => 0]) {
  try { class X extends parent {} console.log('ok'); } catch (e) { console.log(e.name + ': ' + e.message); }
}
function OldStyle(v) { this.v = v; }
OldStyle.prototype.get = function () { return this.v; };
class Modern extends OldStyle { get() { return super.get() * 2; } }
console.log(new Modern(21).get(), new Modern(1));
class Missing extends Base { call() { return super.nothing(); } read() { return super.nothing; } }
console.log(new Missing().read());
try { new Missing().call(); } catch (e) { console.log(e.name + ': ' + e.message); }
