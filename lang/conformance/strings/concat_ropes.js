'use strict';
// Long concatenations: left-leaning, right-leaning, doubling, and reading while building.
let left = '';
for (let i = 0; i < 2000; i++) left += i % 10;
let right = '';
for (let i = 0; i < 2000; i++) right = (i % 10) + right;
console.log(left.length, right.length, left.slice(0, 20), right.slice(0, 20));
let rev = '';
for (let i = left.length - 1; i >= 0; i--) rev += left[i];
console.log(rev === right);
let doubled = 'ab';
for (let i = 0; i < 14; i++) doubled += doubled;
console.log(doubled.length, doubled.charCodeAt(16383), doubled.lastIndexOf('ba'), doubled === 'ab'.repeat(16384));
let mixed = 'x';
let probe = 0;
for (let i = 0; i < 500; i++) { mixed += i; if (i % 50 === 0) probe += mixed.charCodeAt(mixed.length - 1); }
console.log(mixed.length, probe, mixed.indexOf('499'));
console.log('a'.concat('b', 1, null), 'wide日' + left.slice(0, 3), ('é' + left).length);
const o = {};
o['k' + 1] = 'one';
o['k' + '2'] = 'two';
console.log(o.k1, o.k2, o['k'.concat('1')]);
