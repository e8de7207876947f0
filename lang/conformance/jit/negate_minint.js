'use strict';
// Negation of 0 and of the smallest integer leave the int path.
function neg(a) { return -a; }
let s = 0;
for (let i = 1; i < 20000; i++) s += neg(i);
console.log(s, neg(-2147483648), 1 / neg(0), neg(0.5), neg('7'), neg(null), neg(undefined));
for (let i = 1; i < 2000; i++) s += neg(i);
console.log(s, Object.is(neg(0), -0));
