'use strict';
// A hot numeric add starts concatenating, then goes back.
function add(a, b) { return a + b; }
let n = 0;
for (let i = 0; i < 20000; i++) n = add(n, 1);
let t = '';
for (let i = 0; i < 50; i++) t = add(t, i);
for (let i = 0; i < 20000; i++) n = add(n, 2);
console.log(n, t, add(null, 1), add(undefined, 1), add([], {}), add(true, true), add('1', 1));
