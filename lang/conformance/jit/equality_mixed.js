'use strict';
// Hot strict and loose equality over changing types.
function same(a, b) { return a === b; }
function loose(a, b) { return a == b; }
let n = 0;
for (let i = 0; i < 20000; i++) { if (same(i % 10, 3)) n++; if (loose(i % 10, 4)) n++; }
const o = {};
for (let i = 0; i < 20000; i++) { if (same(o, i % 2 ? o : {})) n++; if (same('a' + i % 3, 'a1')) n++; }
for (let i = 0; i < 5000; i++) { if (loose(i % 2 ? null : undefined, null)) n++; if (loose(String(i % 5), 3)) n++; }
console.log(n, same(NaN, NaN), same(-0, 0), same(1, 1.0), same('1', 1), loose('1', 1), loose(null, 0), loose([1], 1), loose(true, '1'));
