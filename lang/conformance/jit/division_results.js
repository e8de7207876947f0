'use strict';
// Exact integer quotients stay exact; the others are doubles; zero divisors are infinite.
function div(a, b) { return a / b; }
let s = 0;
for (let i = 1; i < 20000; i++) s += div(i * 6, 3);
console.log(s);
for (let i = 1; i < 20000; i++) s += div(i, 4);
console.log(s, div(1, 0), div(-1, 0), div(0, 0), 1 / div(0, -3), div(-2147483648, -1), div(7, 2) | 0);
