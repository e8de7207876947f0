'use strict';
// Smoothing of samples: the mean of a sample and the one before it. From iteration 60 of 400 on, some samples are dropped.
//
//   node fixed.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);
const dropsAt = iterations * 3 / 20;

function take(values, drops) {
  const samples = [];
  for (let i = 0; i < values.length; i++) {
    if (drops && i % 50 === 49) {
      samples.push(0);
      continue;
    }
    samples.push(values[i]);
  }
  return samples;
}

function smooth(samples) {
  let sum = 0;
  for (let i = 1; i < samples.length; i++) sum += (samples[i] & 1023) + (samples[i - 1] & 1023) >> 1;
  return sum;
}

const values = [];
for (let i = 0; i < 10000; i++) values.push((i * 31) % 700);
const whole = take(values, false);
const holey = take(values, true);
const schedule = [];
for (let n = 0; n < iterations; n++) schedule.push(n < dropsAt ? whole : holey);

let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  total = (total + smooth(schedule[n])) % 1000003;
}
console.log('smoothed', total, 'after', iterations, 'iterations');
