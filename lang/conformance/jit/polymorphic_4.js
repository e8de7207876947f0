'use strict';
// Four classes with the same interface.
class Circle { constructor(r) { this.r = r; } area() { return 3 * this.r * this.r; } }
class Square { constructor(s) { this.s = s; } area() { return this.s * this.s; } }
class Rect { constructor(w, h) { this.w = w; this.h = h; } area() { return this.w * this.h; } }
class Tri { constructor(b, h) { this.b = b; this.h = h; } area() { return this.b * this.h / 2; } }
const shapes = [];
for (let i = 0; i < 200; i++) shapes.push([new Circle(i), new Square(i), new Rect(i, 2), new Tri(i, 3)][i % 4]);
function total(list) { let s = 0; for (let i = 0; i < list.length; i++) s += list[i].area(); return s; }
let t = 0;
for (let k = 0; k < 150; k++) t += total(shapes);
console.log(t);
