'use strict';
// Method calls on two classes, one of them through inheritance.
const bench = require('./lib/harness').bench;

class Counter {
  constructor() {
    this.n = 0;
  }
  add(k) {
    this.n = (this.n + k) & 0xffffff;
    return this;
  }
  value() {
    return this.n;
  }
}

class Doubling extends Counter {
  add(k) {
    return super.add(k * 2);
  }
}

function drive(counter, times) {
  for (let i = 0; i < times; i++) counter.add(i).add(1);
  return counter.value();
}

function run() {
  return drive(new Counter(), 400000) + drive(new Doubling(), 400000);
}

bench(run, 19302336);
