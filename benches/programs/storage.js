'use strict';
// A tree of arrays, built and dropped: array allocation of random sizes, collector.
const bench = require('./lib/harness').bench;

class TreeBuilder {
  constructor() {
    this.count = 0;
    this.seed = 74755;
  }
  next() {
    this.seed = (this.seed * 1309 + 13849) & 65535;
    return this.seed;
  }
  build(depth) {
    this.count++;
    if (depth === 1) return new Array((this.next() % 10) + 1);
    const children = new Array(4);
    for (let i = 0; i < 4; i++) children[i] = this.build(depth - 1);
    return children;
  }
}

bench(() => {
  const builder = new TreeBuilder();
  builder.build(8);
  return builder.count;
}, 21845);
