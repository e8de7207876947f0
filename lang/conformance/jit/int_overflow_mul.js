'use strict';
// Multiplication overflow, and products that are -0.
function mul(a, b) { return a * b; }
let x = 0;
for (let i = 0; i < 20000; i++) x = mul(i % 100, 3);
console.log(x, mul(65536, 65536), mul(-46341, 46341), mul(2147483647, 2147483647));
for (let i = 0; i < 20000; i++) x = mul(i, i);
console.log(x);
console.log(1 / mul(0, -5), 1 / mul(-5, 0), 1 / mul(0, 5), Object.is(mul(-1, 0), -0));
let neg = 0;
for (let i = 0; i < 20000; i++) { const r = mul(i % 3 - 1, 0); if (r === 0 && 1 / r < 0) neg++; }
console.log(neg);
