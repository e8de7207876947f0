'use strict';
// One call site, four shapes of receivers: area, name and scaling of figures in a mixed list.
const bench = require('./lib/harness').bench;

class Figure {
  constructor(id) {
    this.id = id;
  }
  describe() {
    return this.kind() + this.id;
  }
}
class Circle extends Figure {
  constructor(id, r) {
    super(id);
    this.r = r;
  }
  kind() { return 1; }
  area() { return 3.141592653589793 * this.r * this.r; }
  scale(f) { this.r *= f; }
}
class Square extends Figure {
  constructor(id, side) {
    super(id);
    this.side = side;
  }
  kind() { return 2; }
  area() { return this.side * this.side; }
  scale(f) { this.side *= f; }
}
class Rectangle extends Figure {
  constructor(id, w, h) {
    super(id);
    this.w = w;
    this.h = h;
  }
  kind() { return 3; }
  area() { return this.w * this.h; }
  scale(f) {
    this.w *= f;
    this.h *= f;
  }
}
class Triangle extends Figure {
  constructor(id, base, h) {
    super(id);
    this.base = base;
    this.h = h;
  }
  kind() { return 4; }
  area() { return (this.base * this.h) / 2; }
  scale(f) {
    this.base *= f;
    this.h *= f;
  }
}

function figures(n) {
  const all = [];
  for (let i = 0; i < n; i++) {
    switch (i % 4) {
      case 0: all.push(new Circle(i, 1 + (i % 5))); break;
      case 1: all.push(new Square(i, 1 + (i % 7))); break;
      case 2: all.push(new Rectangle(i, 1 + (i % 3), 2)); break;
      default: all.push(new Triangle(i, 1 + (i % 6), 3));
    }
  }
  return all;
}

bench(() => {
  const all = figures(400);
  let area = 0;
  let codes = 0;
  for (let round = 0; round < 20; round++) {
    for (const figure of all) {
      area += figure.area();
      codes += figure.describe();
      figure.scale(round % 2 === 0 ? 2 : 0.5);
    }
  }
  return Math.round(area) + codes;
}, 1938888);
