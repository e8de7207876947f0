'use strict';
// The sign of % follows the dividend; doubles are exact.
const as = [7, -7, 7.5, -7.5, 0, 2147483647, -2147483648, 1e20];
const bs = [3, -3, 2.5, 1, -1, 0.1, 2147483648];
for (const a of as) {
  const row = [];
  for (const b of bs) row.push(a % b);
  console.log(a, row.join(' '));
}
console.log(5.5 % 2, -5.5 % 2, 1e308 % 3, 0.3 % 0.1, 4.5 % 1.5, 2 ** 31 % 7, -(2 ** 31) % -1);
let h = 17;
for (let i = 0; i < 50; i++) h = (h * 31 + i) % 1000003;
console.log(h);
