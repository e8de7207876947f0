'use strict';
// min and max with any number of arguments and coercion.
console.log(Math.max(1, 2, 3), Math.min(1, 2, 3), Math.max(1, '5', 3), Math.max(1, 'x'), Math.max(-0, 0), Math.min(0, -0), Math.max(1.5, 2), Math.min(2147483647, 2147483648), Math.max(1), Math.max(null, -1), Math.max(undefined, 1));
console.log(1 / Math.max(-0, 0), 1 / Math.min(0, -0), Math.max(NaN, Infinity), Math.min(-Infinity, NaN));
let m = -Infinity;
for (let i = 0; i < 100; i++) m = Math.max(m, (i * 37) % 83);
console.log(m);
