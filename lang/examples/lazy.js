'use strict';
// Optimized code that is pulled away while it runs: petrel run --trace-deopt lang/examples/lazy.js
class Greeter {
  weight() { return 1; }
}

const greeter = new Greeter();

function count(rounds, changeAt) {
  let sum = 0;
  for (let i = 0; i < rounds; i++) {
    sum += greeter.weight();
    if (i === changeAt) Greeter.prototype.weight = () => 100;
  }
  return sum;
}

console.log('before the change', count(50000, -1));
console.log('changed half way ', count(50000, 25000));
console.log('after the change ', count(50000, -1));
