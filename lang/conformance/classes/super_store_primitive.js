'use strict';
class B {}
B.prototype.foo = 1;
class D extends B { a() { super.foo = 2; } b(k) { super[k] = 2; } c() { super.zip = 3; } }
for (const t of [null, undefined, 5, 'x', true]) for (const m of ['a', 'b', 'c'])
  try { D.prototype[m].call(t, 'foo'); console.log('ok'); } catch (e) { console.log(String(t), m, e.message); }
