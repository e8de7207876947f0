'use strict';
// Parallel moves: rotating variables across a back-edge.
function rot(n) { let a = 1, b = 2, c = 3, d = 4.5, e = 'e'; for (let i = 0; i < n; i++) { const t = a; a = b; b = c; c = t; if (i % 7 === 0) { const x = d; d = a; a = typeof x === 'number' ? x : 0; } } return [a, b, c, d, e]; }
console.log(rot(20000), rot(20001), rot(3));
function fibs(n) { let a = 0, b = 1; for (let i = 0; i < n; i++) { const t = (a + b) % 1000007; a = b; b = t; } return a; }
console.log(fibs(20000), fibs(30001));
function gcd(a, b) { while (b !== 0) { const t = b; b = a % b; a = t; } return a; }
let g = 0;
for (let i = 1; i < 3000; i++) g += gcd(i * 12, 360 + i);
console.log(g);
