'use strict';
// try/finally in a hot loop with continue, break and return through it.
function run(n) {
  let opened = 0, closed = 0, s = 0;
  for (let i = 0; i < n; i++) {
    opened++;
    try { if (i % 5 === 0) continue; if (i === n - 10) break; s += i; } finally { closed++; }
  }
  return [opened, closed, s];
}
console.log(run(20000), run(30000));
function early(i) { try { if (i % 2) return i; } finally { if (i % 7 === 0) return -1; } return 0; }
let t = 0;
for (let i = 0; i < 20000; i++) t += early(i);
console.log(t);
