'use strict';
// A loop calls one of several closures; then the same loop is given what is no function at all.
function adder(n) { return (x) => x + n; }
function scaler(n) { return (x) => x * n; }
function loop(f, times) {
  let sum = 0;
  for (let i = 0; i < times; i++) {
    try { sum += f(i); } catch (e) { sum -= 1; }
  }
  return sum;
}
for (let i = 0; i < 300; i++) { loop(adder(i), 10); loop(scaler(i), 10); }
console.log(loop(adder(1), 10), loop(scaler(2), 10), loop(true, 5), loop(7, 5), loop(undefined, 5), loop({}, 5));
