'use strict';
// A constructor that returns an object replaces this; a primitive is ignored.
function ReturnsObject() { this.a = 1; return { b: 2 }; }
function ReturnsPrimitive() { this.a = 1; return 5; }
function ReturnsNull() { this.a = 1; return null; }
function ReturnsArray() { return [1, 2]; }
function ReturnsFunction() { return () => 'called'; }
console.log(new ReturnsObject(), new ReturnsPrimitive(), new ReturnsNull(), new ReturnsArray(), new ReturnsFunction()());
class C { constructor(x) { this.x = x; if (x > 1) return { replaced: x }; } }
console.log(new C(1), new C(2), new C(2) instanceof C);
class D extends C { constructor(x) { super(x); this.d = true; } }
console.log(new D(1), new D(5));
class E extends C { constructor() { return { own: 1 }; } }
console.log(new E());
class F extends C { constructor() { super(0); return 7; } }
try { console.log(new F()); } catch (e) { console.log(e.name + ': ' + e.message); }
console.log(typeof new ReturnsPrimitive, new ReturnsPrimitive().a);
try { ReturnsObject(); } catch (e) { console.log(e.name + ': ' + e.message); }
