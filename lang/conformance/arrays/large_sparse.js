'use strict';
// Far indexes do not allocate everything between.
const a = [];
a[1000000] = 'far';
console.log(a.length, a[999999], a[1000000]);
a[4294967294] = 'last';
console.log(a.length);
a[4294967295] = 'not an index';
console.log(a.length, a[4294967295]);
a.length = 3;
console.log(a.length, a[1000000], a[4294967295]);
const back = [];
for (let i = 99; i >= 0; i--) back[i] = i;
console.log(back.length, back[0], back.indexOf(50), back.join('').length);
