'use strict';
// One array through every element kind and back.
const a = [1, 2, 3];
a[0] = 1.5;
console.log(a);
a.push('s');
console.log(a);
a[6] = null;
console.log(a);
a.length = 2;
a[0] = 7;
console.log(a, a[0] + a[1]);
const ints = [1, 2];
ints.push(2147483648);
ints.push(-0);
console.log(ints, 1 / ints[3]);
const dbl = [0.5];
dbl.push(NaN);
dbl[3] = Infinity;
console.log(dbl, dbl[1] === dbl[1], dbl[2]);
dbl[2] = undefined;
console.log(dbl);
function sum(arr) { let s = 0; for (let i = 0; i < arr.length; i++) s += arr[i]; return s; }
console.log(sum([1, 2, 3]), sum([1.5, 2]), sum([1, 'a']), sum([1, , 2]), sum([]), sum([null, true]));
