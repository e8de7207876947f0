'use strict';
// One call site sees one class, then two, four, and six: petrel run --trace-deopt lang/examples/shapes.js
class Circle { constructor(r) { this.r = r; } area() { return 3 * this.r * this.r; } }
class Square { constructor(s) { this.s = s; } area() { return this.s * this.s; } }
class Rect { constructor(w, h) { this.w = w; this.h = h; } area() { return this.w * this.h; } }
class Triangle { constructor(b, h) { this.b = b; this.h = h; } area() { return (this.b * this.h) >> 1; } }
class Diamond { constructor(d) { this.d = d; } area() { return (this.d * this.d) >> 1; } }
class Line { area() { return 0; } }

const makers = [() => new Circle(2), () => new Square(3), () => new Rect(2, 5), () => new Triangle(4, 6), () => new Diamond(4), () => new Line()];

function total(shapes) {
  let sum = 0;
  for (const shape of shapes) sum += shape.area();
  return sum;
}

for (const kinds of [1, 2, 4, 6]) {
  const shapes = [];
  for (let i = 0; i < 1200; i++) shapes.push(makers[i % kinds]());
  let sum = 0;
  for (let round = 0; round < 50; round++) sum += total(shapes);
  console.log(kinds, kinds === 1 ? 'class:' : 'classes:', sum);
}
