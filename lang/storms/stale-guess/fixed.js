'use strict';
// Interest on accounts. While the service starts, it is tried out with whole amounts; real amounts have cents.
// The first guess (all amounts are small integers) is never right again.
//
//   node fixed.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);
const opensAt = Math.floor(iterations * 3 / 20);

function interest(amount) {
  return amount * 4 + 1;
}

function accrue(amounts) {
  let sum = 0;
  for (let i = 0; i < amounts.length; i++) sum += interest(amounts[i]);
  return sum;
}

const real = [];
for (let i = 0; i < 10000; i++) real.push(i % 700 + 0.25);
const trial = [];
for (let i = 0; i < 10000; i++) trial.push(i % 700 + 0.25);

let amounts = trial;
let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  if (n === opensAt) amounts = real;
  total = accrue(amounts);
}
console.log('accrued', total, 'after', iterations, 'iterations');
