'use strict';
// Distances between points, each made on the spot and thrown away. The metric is a parameter, and one call site sees them
// all: too many targets to inline, so every point escapes into a call.
//
//   node broken.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);

class Point {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
}

function manhattan(p) { return p.x + p.y; }
function reversed(p) { return p.y + p.x; }
function shifted(p) { return p.x + p.y + 1 - 1; }
function doubled(p) { return p.x * 2 + p.y * 2 >> 1; }
function negated(p) { return p.x - -p.y; }
const metrics = [manhattan, reversed, shifted, doubled, negated];

function measure(metric, x, y) {
  return metric(new Point(x, y));
}

function path(length, variants) {
  let sum = 0;
  for (let i = 0; i < length; i++) sum = (sum + measure(metrics[i % variants], i & 255, i % 77)) % 1000003;
  return sum;
}

let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  total = (total + path(10000, 5)) % 1000003;
}
console.log('length', total, 'after', iterations, 'iterations');
