'use strict';
// Latency accounting for a fleet. From iteration 60 of 400 on, a legacy host joins and reports its numbers as text.
// The parser passes the field on as it came, so a string reaches the hot multiplication.
// The output is the same either way, because * converts; only the time differs.
//
//   node broken.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);
const joinsAt = iterations * 3 / 20;

class Sample {
  constructor(ms, weight) {
    this.ms = ms;
    this.weight = weight;
  }
}

function parse(raw) {
  return new Sample(raw.ms, raw.weight);
}

function batch(withLegacy) {
  const samples = [];
  for (let i = 0; i < 10000; i++) {
    const legacy = withLegacy && i % 50 === 49;
    const ms = 3 + (i * 7) % 40;
    samples.push(parse({ ms: legacy ? String(ms) : ms, weight: 1 + i % 4 }));
  }
  return samples;
}

function cost(sample) {
  return sample.ms * sample.weight;
}

function total(samples) {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += cost(samples[i]) & 1023;
  return sum;
}

const modern = batch(false);
const mixed = batch(true);
const schedule = [];
for (let n = 0; n < iterations; n++) schedule.push(n < joinsAt ? modern : mixed);

let grand = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  grand = (grand + total(schedule[n])) % 1000003;
}
console.log('total cost', grand, 'after', iterations, 'iterations');
