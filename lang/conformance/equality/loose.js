'use strict';
// == with all its coercions.
const o = { valueOf() { return 1; } };
const values = [undefined, null, true, false, 0, 1, -1, NaN, '', '0', '1', ' 1 ', 'a', o, [], [0], [1], ['a'], {}, '[object Object]'];
for (let i = 0; i < values.length; i++) {
  let row = '';
  for (let j = 0; j < values.length; j++) row += values[i] == values[j] ? '1' : '0';
  console.log(row);
}
console.log(null != undefined, null != 0, '5' != 5, 'a' != 'a');
