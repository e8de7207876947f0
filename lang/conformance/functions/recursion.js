'use strict';
// Classic recursions.
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
function ack(m, n) { return m === 0 ? n + 1 : n === 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
function hanoi(n, a, b, c) { return n === 0 ? 0 : hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a); }
function isEven(n) { return n === 0 || isOdd(n - 1); }
function isOdd(n) { return n !== 0 && isEven(n - 1); }
function tak(x, y, z) { return y >= x ? z : tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)); }
function depth(n) { return n === 0 ? 0 : 1 + depth(n - 1); }
console.log(fib(20), ack(2, 3), hanoi(10, 'a', 'b', 'c'), isEven(1000), isOdd(1000), tak(12, 8, 4), depth(5000));
function permute(list) {
  if (list.length < 2) return [list];
  const out = [];
  for (let i = 0; i < list.length; i++) {
    const rest = list.slice(0, i).concat(list.slice(i + 1));
    for (const p of permute(rest)) out.push([list[i]].concat(p));
  }
  return out;
}
console.log(permute([1, 2, 3]).map((p) => p.join('')).join(' '), permute([1, 2, 3, 4, 5]).length);
