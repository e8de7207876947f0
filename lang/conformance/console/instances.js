'use strict';
// Class instances, functions and classes.
class Point { constructor() { this.x = 1; this.y = 2; } }
class Empty {}
class Derived extends Point { z = 3; }
function Old() { this.v = 1; }
console.log(new Point(), new Empty(), new Derived(), new Old(), [new Point()], { p: new Point() });
console.log(Point, Derived, Old, function () {}, () => 0, function named() {}, class {}, [Point], { f: Old });
const f = () => 0;
f.prop = 1;
console.log(f, [f]);
console.log(Math.max, console.log, [Math.floor]);
console.log(Object.create({ inherited: 1 }), Object.create(Point.prototype), Object.create(null), Object.create(Object.create(null)));
class Getter { get g() { return 1; } static s = 1; }
console.log(new Getter(), Getter, { get a() { return 1; } }, { set a(v) {} }, { get a() { return 1; }, set a(v) {} });
const renamed = new Point();
renamed.constructor = Empty;
console.log(renamed);
