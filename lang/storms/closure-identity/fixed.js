'use strict';
// Prices in a currency. From iteration 60 of 400 on, the conversion is made anew for every batch: a closure over the rate of the
// day, equal to the one before it and yet another one.
//
//   node fixed.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);

function converter(rate) {
  return (cents) => cents * rate + 50;
}

const steady = converter(3);
let convert = steady;

function total(prices) {
  let sum = 0;
  for (let i = 0; i < prices.length; i++) sum += convert(prices[i]);
  return sum;
}

const prices = [];
for (let i = 0; i < 10000; i++) prices.push(i % 900);

let sum = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  convert = steady;
  sum = (sum + total(prices)) % 1000003;
}
console.log('total', sum, 'after', iterations, 'iterations');
