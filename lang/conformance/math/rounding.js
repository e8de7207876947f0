'use strict';
// floor, ceil, round, trunc, sign, abs, fround over edges.
const values = [0, -0, 0.4, 0.5, 0.6, -0.4, -0.5, -0.6, 1.5, 2.5, -1.5, -2.5, 4503599627370495.5, 9007199254740991, 2147483647.5, -2147483648.5, 0.49999999999999994, NaN, Infinity, -Infinity];
for (const v of values) console.log(v, Math.floor(v), Math.ceil(v), Math.round(v), Math.trunc(v), Math.sign(v), Math.abs(v), Math.fround(v));
console.log(Math.floor('3.7'), Math.round(null), Math.ceil(undefined), Math.abs('-5'), Math.abs([]), Math.abs([1, 2]), Math.floor());
