'use strict';
// Holey arrays that are longer than elements can be: sums of their lengths leave the int32 range.
function ends(a, i) {
  return a.length + a.length + i;
}
const long = new Array(6e8);
const longer = new Array(2147483647);
let sum = 0;
for (let i = 0; i < 3000; i++) {
  sum += ends(long, i) - 12e8;
  if (i > 1000) sum += ends(longer, i) - 2147483647 * 2;
}
console.log(sum, ends(long, 947483648), ends(longer, 1), long.length % 7);
