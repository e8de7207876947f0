'use strict';
// A rolling checksum over log lines. The lines are short at first; from iteration 60 of 800 on a chatty service joins.
// Every step is reduced modulo a prime, but with long lines the product before that does not fit into 32 bits.
//
//   node fixed.js [ITERATIONS]
const iterations = Number(process.argv[2] || 800);
const joinsAt = iterations * 3 / 40;

function step(sum, value) {
  return (sum + (value & 255) * 50021 + (value >> 8) * 28781) % 65521;
}

function checksum(lines) {
  let sum = 1;
  for (let i = 0; i < lines.length; i++) sum = step(sum, lines[i]);
  return sum % 65521;
}

function batch(chatty) {
  const lines = [];
  for (let i = 0; i < 10000; i++) lines.push(chatty && i % 40 === 39 ? 50000 + i % 15000 : i % 50);
  return lines;
}

const quiet = batch(false);
const mixed = batch(true);
const schedule = [];
for (let n = 0; n < iterations; n++) schedule.push(n < joinsAt ? quiet : mixed);

let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  total = (total + checksum(schedule[n])) % 1000003;
}
console.log('checksum', total, 'after', iterations, 'iterations');
