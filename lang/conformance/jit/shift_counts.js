'use strict';
// Variable shift counts beyond 31.
function f(a, n) { return (a << n) ^ (a >> n) ^ (a >>> n); }
let s = 0;
for (let i = 0; i < 20000; i++) s = (s + f(i * 77, i % 40)) | 0;
console.log(s, f(1, 32), f(1, 31), f(-1, -1), f(3, 1.9), f(3, NaN));
