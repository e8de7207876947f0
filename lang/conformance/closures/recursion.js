'use strict';
// Recursive closures, named function expressions, mutual recursion through captures.
const fact = function self(n) { return n <= 1 ? 1 : n * self(n - 1); };
console.log(fact(10), fact.name);
const make = () => {
  const even = (n) => (n === 0 ? true : odd(n - 1));
  const odd = (n) => (n === 0 ? false : even(n - 1));
  return { even, odd };
};
const eo = make();
console.log(eo.even(100), eo.odd(7), eo.even(7));
const memo = {};
const fib = (n) => { if (n < 2) return n; if (memo[n] !== undefined) return memo[n]; const r = fib(n - 1) + fib(n - 2); memo[n] = r; return r; };
console.log(fib(70));
const outer = function fn() { return typeof fn; };
console.log(outer());
try { (function locked() { locked = 1; })(); } catch (e) { console.log(e.name + ': ' + e.message); }
