'use strict';
// Readings from sensors. Each vendor's driver fills in the fields in its own order, so equal records have unequal shapes.
// At first only one vendor delivers; from iteration 60 of 400 on, all six do.
//
//   node fixed.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);
const joinsAt = iterations * 3 / 20;

const drivers = [
  (v, t) => ({ value: v, time: t, unit: 1 }),
  (v, t) => ({ time: t, value: v, unit: 1 }),
  (v, t) => ({ unit: 1, value: v, time: t }),
  (v, t) => ({ unit: 1, time: t, value: v }),
  (v, t) => ({ value: v, unit: 1, time: t }),
  (v, t) => ({ time: t, unit: 1, value: v }),
];

function read(vendor, value, time) {
  return { value, time, unit: 1 };
}

function level(reading) {
  return reading.value * 3 + reading.unit;
}

function sweep(readings) {
  let sum = 0;
  for (let i = 0; i < readings.length; i++) sum += level(readings[i]);
  return sum;
}

function batch(vendors) {
  const readings = [];
  for (let i = 0; i < 10000; i++) readings.push(read(i % 60 < 54 ? 0 : i % vendors, i % 90, i));
  return readings;
}

const single = batch(1);
const all = batch(6);
const schedule = [];
for (let n = 0; n < iterations; n++) schedule.push(n < joinsAt ? single : all);

let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  total = (total + sweep(schedule[n])) % 1000003;
}
console.log('level', total, 'after', iterations, 'iterations');
