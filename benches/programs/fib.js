'use strict';
// Calls and recursion, nothing else.
const bench = require('./lib/harness').bench;

function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

bench(() => fib(27), 196418);
