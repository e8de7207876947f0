'use strict';
// As deep as V8 lets a small function go with its own stack.
function depth(n) { return n === 0 ? 0 : 1 + depth(n - 1); }
function list(n) { return n === 0 ? null : { next: list(n - 1) }; }
function sum(o) { return o === null ? 0 : 1 + sum(o.next); }
console.log(depth(7000), sum(list(5000)));
for (let i = 0; i < 3; i++) console.log(depth(3000 + i), [3, 2, 1].sort((a, b) => depth(1000) - 1000 + a - b).join());
