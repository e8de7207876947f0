'use strict';
// NaN made by arithmetic in optimized code may be spelled differently from the constant: as a key it is the same.

function remainder(n) { let v = n; for (let i = 0; i < 3; i++) v %= v; return v; }
function quotient(a, b) { let x = a; for (let i = 0; i < 3; i++) x = x / b; return x; }

const map = new Map(), set = new Set();
for (let i = 0; i < 80; i++) {
  map.set(remainder(0), i);
  map.set(quotient(0, 0), i + 1);
  set.add(-remainder(0));
  set.add(Math.sqrt(-1 - i));
}
console.log(map.size, set.size, map.get(NaN), set.has(NaN), map.delete(NaN), map.size);
console.log([remainder(0)].includes(NaN), [NaN].includes(quotient(0, 0)), Object.is(remainder(0), NaN));
