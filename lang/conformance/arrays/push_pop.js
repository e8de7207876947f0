'use strict';
// push, pop, shift, unshift with their results.
const a = [];
console.log(a.push(1), a.push(2, 3), a.push(), a, a.pop(), a.pop(), a.pop(), a.pop(), a.length);
const q = [1, 2, 3];
console.log(q.shift(), q.unshift('x', 'y'), q.unshift(), q, q.shift(), q.shift(), q, [].shift());
const big = [];
for (let i = 0; i < 1000; i++) big.push(i);
let s = 0;
for (let i = 0; i < 500; i++) { s += big.shift(); s -= big.pop(); }
console.log(s, big.length);
for (let i = 0; i < 100; i++) big.unshift(i);
console.log(big.slice(0, 5), big.length);
