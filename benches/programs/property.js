'use strict';
// Property loads and stores on one shape.
const bench = require('./lib/harness').bench;

function run() {
  const o = { a: 1, b: 2, c: 3, d: 4 };
  for (let i = 0; i < 1000000; i++) {
    o.a = (o.a + o.b) & 65535;
    o.b = o.c ^ i;
    o.c = (o.d + i) & 1023;
    o.d = o.a;
  }
  return o.a + o.b + o.c + o.d;
}

bench(run, 1040746);
