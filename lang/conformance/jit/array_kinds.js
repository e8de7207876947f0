'use strict';
// Element kinds change under a hot reader.
function sum(a) { let s = 0; for (let i = 0; i < a.length; i++) s += a[i]; return s; }
const ints = [1, 2, 3, 4, 5];
let t = 0;
for (let i = 0; i < 5000; i++) t += sum(ints);
console.log(t);
ints[2] = 0.5;
for (let i = 0; i < 5000; i++) t += sum(ints);
console.log(t);
ints.push('x');
console.log(sum(ints));
ints.pop();
for (let i = 0; i < 5000; i++) t += sum(ints);
console.log(t, sum([1.5, 2.5]), sum([]), sum(['a', 'b']), sum([null, true]), sum([1, , 3]), sum([[1], 2]));
