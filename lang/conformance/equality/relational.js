'use strict';
// <, <=, >, >= over mixed values.
const values = [undefined, null, true, 0, -1, 1.5, NaN, Infinity, '', '0', '10', '9', 'a', [2], ['b'], {}];
for (const a of values) {
  let row = '';
  for (const b of values) row += (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + ' ';
  console.log(row);
}
