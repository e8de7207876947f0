'use strict';
// === over every pair of representative values.
const o = {};
const f = () => 0;
const values = [undefined, null, true, false, 0, -0, 1, NaN, '', '0', '1', 'a', o, {}, f, []];
for (let i = 0; i < values.length; i++) {
  let row = '';
  for (let j = 0; j < values.length; j++) row += values[i] === values[j] ? '1' : '0';
  let neg = '';
  for (let j = 0; j < values.length; j++) neg += values[i] !== values[j] ? '1' : '0';
  console.log(row, neg);
}
