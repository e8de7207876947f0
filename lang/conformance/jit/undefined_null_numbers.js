'use strict';
// undefined, null and booleans arrive in arithmetic that was all ints.
function f(a, b) { return a * 2 + b; }
let s = 0;
for (let i = 0; i < 20000; i++) s += f(i, 1);
console.log(s, f(undefined, 1), f(null, 1), f(true, false), f('', 1), f([], 1), f([3], 1));
function count(o, k) { o[k] = (o[k] | 0) + 1; return o[k]; }
const c = {};
for (let i = 0; i < 20000; i++) count(c, 'k' + i % 3);
console.log(c);
function opt(o) { return o.missing === null ? 1 : o.missing === undefined ? 2 : 3; }
for (let i = 0; i < 20000; i++) s += opt(i % 3 ? {} : { missing: i % 2 ? null : 0 });
console.log(s);
