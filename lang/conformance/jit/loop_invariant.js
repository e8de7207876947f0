'use strict';
// What looks invariant and is not: lengths, properties and calls changed by aliases.
function f(o, alias, n) { let s = 0; for (let i = 0; i < n; i++) { s += o.k; if (i % 1000 === 0) alias.k++; } return s; }
const o = { k: 1 };
console.log(f(o, { k: 0 }, 20000), f(o, o, 20000), o.k);
function g(a, b, n) { let s = 0; for (let i = 0; i < n; i++) { s += a[0]; b[0] = i & 3; } return s; }
const arr = [1];
console.log(g(arr, [9], 20000), g(arr, arr, 20000), g([1.5], [2], 20000));
function h(a, n) { let s = 0; for (let i = 0; i < n; i++) { s += a.length; if (i % 5000 === 0) a.push(i); } return s; }
console.log(h([], 20000));
let global = 1;
function bump() { global += 1; return 0; }
function k(n) { let s = 0; for (let i = 0; i < n; i++) { s += global; if (i % 4000 === 0) bump(); } return s; }
console.log(k(20000), global);
function cond(n, flag) { let s = 0; for (let i = 0; i < n; i++) { if (flag) s += i; else s -= i; if (i === 10000) flag = !flag; } return s; }
console.log(cond(20000, true), cond(20000, false));
