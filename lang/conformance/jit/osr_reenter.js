'use strict';
// A loop entered by OSR again and again with different types.
function loop(n, start, step) { let v = start; for (let i = 0; i < n; i++) v = v + step; return v; }
console.log(loop(20000, 0, 1), loop(20000, 0.5, 1), loop(20000, 0, 0.25), loop(5, 'a', 'b'), loop(20000, 2147480000, 1), loop(20000, true, 1), loop(20000, undefined, 1));
