'use strict';
// Roots, powers, logs and exact integer helpers.
console.log(Math.sqrt(2), Math.sqrt(16), Math.sqrt(-1), Math.cbrt(27), Math.hypot(3, 4), Math.hypot(), Math.pow(2, 10), Math.pow(4, 0.5));
console.log(Math.log(1), Math.log2(8), Math.log10(1000), Math.exp(0), Math.log(0), Math.log(-1), Math.log1p(0), Math.expm1(0));
console.log(Math.sin(0), Math.cos(0), Math.tan(0), Math.atan2(1, 1), Math.atan2(-0, -1), Math.asin(1), Math.acos(1), Math.atan(1));
console.log(Math.imul(3, 4), Math.imul(0xffffffff, 5), Math.imul(2147483647, 2), Math.clz32(1), Math.clz32(0), Math.clz32(-1));
console.log(Math.PI, Math.E, Math.LN2, Math.LN10, Math.SQRT2, Math.SQRT1_2, Math.LOG2E, Math.LOG10E);
const r = Math.random();
console.log(r >= 0 && r < 1, typeof r);
