'use strict';
// typeof for every type, and for undeclared names.
class A {}
const values = [undefined, null, true, 0, NaN, 'x', {}, [], () => 0, function named() {}, A, new A(), Math, Math.sin, new Error('x')];
for (const v of values) console.log(typeof v);
console.log(typeof undeclaredName, typeof typeof 1, typeof (1 + 'a'), typeof void 0, typeof !1, typeof -'5');
console.log(typeof console, typeof console.log, typeof JSON, typeof require, typeof module, typeof process);
let count = 0;
const mixed = [1, 'a', 2, null, {}, 3.5, undefined];
for (const m of mixed) if (typeof m === 'number') count++;
console.log(count);
