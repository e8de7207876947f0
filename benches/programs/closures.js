'use strict';
// Closures with captured state, called through variables.
const bench = require('./lib/harness').bench;

function counter(step) {
  let n = 0;
  return (k) => {
    n = (n + k * step) & 0xfffff;
    return n;
  };
}

function compose(f, g) {
  return (x) => g(f(x) & 255);
}

function run() {
  const f = compose(counter(1), counter(3));
  let sum = 0;
  for (let i = 0; i < 600000; i++) sum = (sum + f(i)) | 0;
  const adders = [];
  for (let i = 0; i < 20000; i++) adders.push((x) => x + i);
  for (let i = 0; i < adders.length; i++) sum = (sum + adders[i](1)) | 0;
  return sum;
}

bench(run, 1094365216);
