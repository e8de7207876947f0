'use strict';
// A hot store widens the array from ints to doubles to anything.
function fill(a, n, f) { for (let i = 0; i < n; i++) a[i] = f(i); return a; }
const a = [];
fill(a, 20000, (i) => i);
console.log(a[19999], a.length);
fill(a, 20000, (i) => i / 2);
console.log(a[19999]);
fill(a, 20000, (i) => (i === 15000 ? 'str' : i));
console.log(a[14999], a[15000], a[15001]);
fill(a, 100, (i) => -0);
console.log(1 / a[50]);
fill(a, 100, (i) => NaN);
console.log(a[50]);
fill(a, 100, (i) => undefined);
console.log(a[50], a[100]);
const o = {};
fill(o, 10, (i) => i * i);
console.log(o);
