'use strict';
// extends, super calls, super properties, default constructors, three levels.
class Shape {
  constructor(name) { this.name = name; }
  area() { return 0; }
  describe() { return `${this.name} with area ${this.area()}`; }
  static kind() { return 'shape:' + this.name; }
}
class Rect extends Shape {
  constructor(w, h) { super('rect'); this.w = w; this.h = h; }
  area() { return this.w * this.h; }
  describe() { return 'A ' + super.describe(); }
  static kind() { return 'rect<' + super.kind(); }
}
class Square extends Rect {
  constructor(s) { super(s, s); this.name = 'square'; }
  describe() { return super.describe() + '!'; }
  viaArrow() { return [1, 2].map((k) => super.area() * k); }
}
class Defaulted extends Square {}
const all = [new Shape('blob'), new Rect(2, 3), new Square(4), new Defaulted(5)];
for (const s of all) console.log(s.describe(), s instanceof Rect, s.constructor.name);
console.log(all[2].viaArrow(), Shape.kind(), Rect.kind(), Square.kind(), Object.getPrototypeOf(Square) === Rect);
console.log(all);
