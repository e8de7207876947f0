'use strict';
// Shapes on a canvas. The editor starts with rectangles; from iteration 60 of 400 on, plug-ins bring classes of their own.
//
//   node broken.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);
const pluginsAt = iterations * 3 / 20;

class Rect {
  constructor(size) { this.size = size; }
  area() { return this.size * 2; }
}
class Wide extends Rect { area() { return this.size * 2; } }
class Tall extends Rect { area() { return this.size + this.size; } }
class Round extends Rect { area() { return this.size * 4 >> 1; } }
class Thin extends Rect { area() { return (this.size << 2) / 2; } }
class Flat extends Rect { area() { return this.size - -this.size; } }
const kinds = [Rect, Wide, Tall, Round, Thin, Flat];

function create(kind, size) {
  return new kinds[kind](size);
}

function paint(figures) {
  let sum = 0;
  for (let i = 0; i < figures.length; i++) sum += figures[i].area();
  return sum;
}

function canvas(plugins) {
  const figures = [];
  for (let i = 0; i < 10000; i++) figures.push(create(i % 50 < 45 ? 0 : i % plugins, i % 300));
  return figures;
}

const plain = canvas(1);
const mixed = canvas(6);
const schedule = [];
for (let n = 0; n < iterations; n++) schedule.push(n < pluginsAt ? plain : mixed);

let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  total = (total + paint(schedule[n])) % 1000003;
}
console.log('area', total, 'after', iterations, 'iterations');
