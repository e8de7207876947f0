'use strict';
// Hot recursion with ints, then doubles, then strings.
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
console.log(fib(22), fib(10.5), fib('12'));
function sumTo(n) { return n === 0 ? 0 : n + sumTo(n - 1); }
let s = 0;
for (let i = 0; i < 300; i++) s += sumTo(100);
console.log(s, sumTo(3000));
function even(n) { return n === 0 ? true : odd(n - 1); }
function odd(n) { return n === 0 ? false : even(n - 1); }
let e = 0;
for (let i = 0; i < 300; i++) if (even(i)) e++;
console.log(e);
