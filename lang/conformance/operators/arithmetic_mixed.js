'use strict';
// Arithmetic over every pair of kinds.
const values = [1, -2.5, '3', 'x', true, null, undefined, [4], {}];
for (const a of values) {
  const row = [];
  for (const b of values) row.push(a + b, a - b, a * b, a / b, a % b);
  console.log(row.join(' '));
}
