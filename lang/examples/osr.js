'use strict';
// A loop that is called once, and optimized while it runs: petrel run --trace-osr lang/examples/osr.js
function collatz(limit) {
  let best = 0;
  let bestLength = 0;
  for (let start = 1; start < limit; start++) {
    let n = start;
    let length = 1;
    while (n !== 1) {
      n = n % 2 === 0 ? n / 2 : 3 * n + 1;
      length++;
    }
    if (length > bestLength) {
      bestLength = length;
      best = start;
    }
  }
  return [best, bestLength];
}
console.log('longest chain below 100000:', collatz(100000));
