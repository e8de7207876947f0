'use strict';
// The sum passes the int32 range inside the optimized loop.
function run(n, step) { let s = 0; for (let i = 0; i < n; i++) s += step; return s; }
console.log(run(20000, 1), run(20000, 1000), run(20000, 107374), run(20000, 107375), run(30000, 107374), run(30000, -107374));
let acc = 2147480000;
for (let i = 0; i < 20000; i++) acc += 1;
console.log(acc);
let dec = -2147480000;
for (let i = 0; i < 20000; i++) dec--;
console.log(dec);
