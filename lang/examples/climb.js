'use strict';
// One function climbs every tier: petrel run --trace-opt lang/examples/climb.js
function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
for (const n of [5, 10, 15, 20, 25]) console.log(`fib(${n}) = ${fib(n)}`);
