'use strict';
// A comparison is folded because a check has made a number an int32; the check must outlive the comparison.
function most(y) {
  const x = Math.max(-2147483649 >> 0, y >>> 0) | 0;
  return x >= 0 ? 1 : 0;
}
function unsigned(x) { return x >>> 0 !== Math.imul(1, x >>> 0); }
function sum(x) { return 2147483647 + x !== Math.imul(1, 2147483647 + x); }
function both(x) {
  if (2147483647 + x !== Math.imul(1, 2147483647 + x)) return true;
  return (2147483647 + x) | 0;
}
function same(x) { return ((x + 1) | 0) === x + 1; }
function shifted(x) { return x * 65536 >> 0 === x * 65536; }
for (const [f, usual, odd] of [
  [most, 0, -1], [unsigned, 0, -1], [sum, 0, 1], [both, 0, 1], [same, 5, 2147483647], [shifted, 3, 65536],
]) {
  let before;
  for (let i = 0; i < 2000; i++) before = f(usual);
  console.log(f.name, before, f(odd), f(usual), f(odd));
}
