'use strict';
// instanceof walks the prototype chain.
class A {}
class B extends A {}
function F() {}
const b = new B();
console.log(b instanceof B, b instanceof A, b instanceof Object, b instanceof F, new F() instanceof F, {} instanceof Object, [] instanceof Array, [] instanceof Object);
console.log(5 instanceof Number, 'a' instanceof String, null instanceof Object, (() => 0) instanceof Function, A instanceof Function);
const e = new TypeError('t');
console.log(e instanceof TypeError, e instanceof Error, e instanceof RangeError);
F.prototype = { replaced: true };
const f2 = new F();
console.log(f2 instanceof F, f2.replaced);
try { ({}) instanceof 5; } catch (err) { console.log(err.name + ': ' + err.message); }
try { ({}) instanceof (() => 0); } catch (err) { console.log(err.name + ': ' + err.message); }
