'use strict';
// process, Date.now and performance.now exist and behave.
console.log(Array.isArray(process.argv), process.argv.length, typeof process.argv[0], process.argv[1].endsWith('process.js'));
const t0 = performance.now();
const d0 = Date.now();
let s = 0;
for (let i = 0; i < 1000; i++) s += i;
console.log(s, performance.now() >= t0, Date.now() >= d0, typeof t0, Number.isInteger(d0), d0 > 1.6e12);
