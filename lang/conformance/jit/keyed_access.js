'use strict';
// Hot keyed loads and stores with names, indexes and both.
const o = { a: 1, b: 2, c: 3, d: 4 };
const names = ['a', 'b', 'c', 'd'];
let s = 0;
for (let i = 0; i < 20000; i++) { s += o[names[i & 3]]; o[names[i & 3]] += 1; }
console.log(s, o);
function get(x, k) { return x[k]; }
const arr = [5, 6, 7];
for (let i = 0; i < 20000; i++) s += get(arr, i % 3);
for (let i = 0; i < 20000; i++) s += get(o, names[i & 3]);
for (let i = 0; i < 20000; i++) s += get(i % 2 ? arr : o, i % 2 ? 1 : 'b');
console.log(s);
const memo = {};
for (let i = 0; i < 20000; i++) { const k = i % 97; memo[k] = (memo[k] || 0) + k; }
console.log(Object.keys(memo).length, memo[96]);
