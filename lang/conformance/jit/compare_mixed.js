'use strict';
// Comparison feedback moves from int to double to string to mixed.
function less(a, b) { return a < b; }
let n = 0;
for (let i = 0; i < 20000; i++) if (less(i, 15000)) n++;
for (let i = 0; i < 20000; i++) if (less(i / 3, 1000.25)) n++;
for (let i = 0; i < 20000; i++) if (less('k' + i % 100, 'k5')) n++;
for (let i = 0; i < 2000; i++) if (less(i, '1000')) n++;
console.log(n, less(null, 1), less(undefined, 1), less({}, {}), less([1], [2]), less(NaN, 1));
