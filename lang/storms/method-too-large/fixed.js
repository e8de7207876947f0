'use strict';
// A decoder with a diagnostic dump in the middle of its hot function. The dump is never made, but it makes the function
// larger than what the compiler takes.
//
//   node fixed.js [ITERATIONS]
const iterations = Number(process.argv[2] || 200);
const debug = process.argv[3] === 'debug';

function dump(x) {
  return [x * 2 + 0, x * 3 + 1, x * 4 + 2, x * 5 + 3, x * 6 + 4, x * 7 + 5, x * 8 + 6, x * 9 + 0, x * 10 + 1, x * 11 + 2, x * 12 + 3, x * 13 + 4, x * 14 + 5, x * 15 + 6, x * 16 + 0, x * 17 + 1, x * 18 + 2, x * 19 + 3, x * 20 + 4, x * 21 + 5, x * 22 + 6, x * 23 + 0, x * 24 + 1, x * 25 + 2, x * 26 + 3, x * 27 + 4, x * 28 + 5, x * 29 + 6, x * 30 + 0, x * 31 + 1, x * 32 + 2, x * 33 + 3, x * 34 + 4, x * 35 + 5, x * 36 + 6, x * 37 + 0, x * 38 + 1, x * 39 + 2, x * 40 + 3, x * 41 + 4, x * 42 + 5, x * 43 + 6, x * 44 + 0, x * 45 + 1, x * 46 + 2, x * 47 + 3, x * 48 + 4, x * 49 + 5, x * 50 + 6, x * 51 + 0, x * 52 + 1, x * 53 + 2, x * 54 + 3, x * 55 + 4, x * 56 + 5, x * 57 + 6, x * 58 + 0, x * 59 + 1, x * 60 + 2, x * 61 + 3];
}

function decode(x) {
  let s = x;
  for (let i = 0; i < 8; i++) s = s * 31 + i & 65535;
  if (debug) console.log(dump(x));
  return s;
}

function frame(n) {
  let sum = 0;
  for (let i = 0; i < 1000; i++) sum += decode(i ^ n);
  return sum;
}

let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  total = (total + frame(n)) % 1000003;
}
console.log('decoded', total, 'after', iterations, 'iterations');
