'use strict';
// Every permutation of a small array by recursion: element swaps through a method, a counter in a field.
const bench = require('./lib/harness').bench;

class Permuter {
  constructor(n) {
    this.items = Array.from({ length: n }, (_, i) => i);
    this.count = 0;
  }
  swap(i, j) {
    const t = this.items[i];
    this.items[i] = this.items[j];
    this.items[j] = t;
  }
  run(n) {
    this.count++;
    if (n === 0) return;
    const last = n - 1;
    this.run(last);
    for (let i = last; i >= 0; i--) {
      this.swap(last, i);
      this.run(last);
      this.swap(last, i);
    }
  }
}

bench(() => {
  const permuter = new Permuter(7);
  permuter.run(7);
  return permuter.count;
}, 69281);
