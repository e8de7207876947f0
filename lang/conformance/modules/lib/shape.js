'use strict';
class Shape {
  constructor(kind) { this.kind = kind; Shape.count++; }
  describe() { return 'shape ' + this.kind; }
}
Shape.count = 0;
module.exports = Shape;
