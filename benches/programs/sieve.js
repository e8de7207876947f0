'use strict';
// Element stores in strides.
const bench = require('./lib/harness').bench;

function run() {
  const n = 500000;
  const composite = [];
  for (let i = 0; i <= n; i++) composite.push(0);
  let count = 0;
  for (let i = 2; i <= n; i++) {
    if (composite[i] === 0) {
      count++;
      for (let j = i + i; j <= n; j += i) composite[j] = 1;
    }
  }
  return count;
}

bench(run, 41538);
