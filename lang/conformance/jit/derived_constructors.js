'use strict';
// Derived constructors, field initializers and new.target in optimized code.
class Base {
  tag = 'b' + (count++ % 3);
  constructor(x) { this.x = x; this.kind = new.target.name; if (x === 77777) return { replaced: true }; }
  area() { return 0; }
}
class Middle extends Base {
  scale = 2;
  constructor(x, y) { super(x); this.y = y; }
  area() { return this.x * this.y * this.scale; }
}
class Leaf extends Middle { constructor(x) { super(x, x + 1); this.leaf = true; } }
class Default extends Leaf {}
class Late extends Base { constructor(x) { if (x % 2) { super(x); } else { super(-x); } this.late = x; } }
class Arrow extends Base { constructor(x) { const go = () => super(x); go(); } }
function Old(x) { if (!new.target) return new Old(x); this.x = x; }
Old.prototype.area = function () { return this.x; };
class FromOld extends Old { constructor(x) { super(x); this.more = 1; } }
let count = 0, sum = 0;
const kinds = {};
function make(i) {
  switch (i % 8) {
    case 0: return new Base(i);
    case 1: return new Middle(i, 3);
    case 2: return new Leaf(i);
    case 3: return new Default(i);
    case 4: return new Late(i);
    case 5: return new Arrow(i);
    case 6: return new FromOld(i);
    default: return Old(i);
  }
}
for (let i = 0; i < 20000; i++) {
  const o = make(i);
  sum = (sum + o.area() + (o.leaf ? 1 : 0) + (o.late | 0)) | 0;
  kinds[o.constructor.name + ':' + o.kind + ':' + o.tag] = (kinds[o.constructor.name + ':' + o.kind + ':' + o.tag] || 0) + 1;
}
console.log(sum, JSON.stringify(kinds));
// A replaced object, a changed parent, a changed prototype.
function leaf(i) { return new Leaf(i); }
for (let i = 0; i < 3000; i++) leaf(i);
console.log(JSON.stringify(leaf(77777)), JSON.stringify(leaf(5)));
class Other { constructor(x) { this.other = x; } }
Object.setPrototypeOf(Leaf, Other);
console.log(JSON.stringify(leaf(6)), leaf(6) instanceof Leaf);
Object.setPrototypeOf(Leaf, Middle);
console.log(JSON.stringify(leaf(7)));
class Throws extends Base { constructor(x) { super(x); if (x === 2999) throw new RangeError('at ' + this.x); } }
let caught = '';
for (let i = 0; i < 3000; i++) { try { new Throws(i); } catch (e) { caught += e.message; } }
console.log(caught);
class NoSuper extends Base { constructor(x) { if (x < 2999) super(x); } }
try { for (let i = 0; i < 3000; i++) new NoSuper(i); } catch (e) { console.log(e.name, e.message); }
