'use strict';
// Declarations, expressions, methods, constructor, name and prototype.
class Point {
  constructor(x, y) { this.x = x; this.y = y; }
  add(o) { return new Point(this.x + o.x, this.y + o.y); }
  toString() { return `(${this.x}, ${this.y})`; }
  static origin() { return new Point(0, 0); }
  static create(x) { return new this(x, x); }
  ['comp' + 'uted']() { return 'computed'; }
  'string name'() { return 1; }
  42() { return 'num'; }
}
const p = new Point(1, 2).add(new Point(10, 20));
console.log(p, String(p), p + '', Point.origin(), Point.create(3), p.computed(), p['string name'](), p[42]());
console.log(Point.name, Point.length, typeof Point, Point.prototype.constructor === Point, Object.keys(p), Object.keys(Point.prototype));
const Anon = class { who() { return 'anon'; } };
const Named = class Inner { who() { return Inner.name; } };
console.log(new Anon().who(), Anon.name, new Named().who(), Named.name);
try { Point(1, 2); } catch (e) { console.log(e.name + ': ' + e.message); }
try { new p.add(p); } catch (e) { console.log(e.name + ': ' + e.message); }
class Empty {}
console.log(new Empty(), Empty, [Empty], p.add === new Point(0, 0).add);
const m = p.add;
try { m(p); } catch (e) { console.log(e.name + ': ' + e.message); }
