'use strict';
// Integer arithmetic in nested loops.
const bench = require('./lib/harness').bench;

function run() {
  let h = 17;
  for (let i = 0; i < 2000; i++) {
    for (let j = 0; j < 1000; j++) {
      h = (h * 31 + (i ^ j)) | 0;
      h ^= h >>> 7;
    }
  }
  return h;
}

bench(run, 1018223978);
