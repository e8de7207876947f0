'use strict';
// Captured variables are shared, not copied.
function counter() {
  let n = 0;
  return { inc() { n++; return n; }, dec() { n--; return n; }, get() { return n; } };
}
const a = counter();
const b = counter();
a.inc(); a.inc(); b.dec();
console.log(a.get(), b.get());
function nest(x) {
  let y = x * 2;
  return function (z) {
    let w = z + y;
    return () => { w++; y++; return [x, y, z, w]; };
  };
}
const f = nest(1)(10);
console.log(f(), f());
const g = nest(5);
console.log(g(1)(), g(2)());
function paramCapture(p) { const get = () => p; p = p + '!'; return get; }
console.log(paramCapture('hi')());
const adders = [1, 2, 3].map((n) => (m) => n + m);
console.log(adders.map((add) => add(10)));
