'use strict';
// More than six elements are grouped in columns; more than a hundred are cut.
const upTo = (n, f) => { const a = []; for (let i = 0; i < n; i++) a.push(f(i)); return a; };
console.log(upTo(6, (i) => i));
console.log(upTo(7, (i) => i));
console.log(upTo(10, (i) => i * i));
console.log(upTo(27, (i) => i * 1000));
console.log(upTo(100, (i) => i));
console.log(upTo(101, (i) => i));
console.log(upTo(150, (i) => i / 2));
console.log(upTo(12, (i) => 'item' + i));
console.log(upTo(30, (i) => 'w'.repeat(i % 7 + 1)));
console.log(upTo(8, (i) => ({ i })));
console.log(upTo(8, (i) => [i, i * 2]));
console.log(upTo(20, (i) => (i % 2 ? -i : i / 3)));
console.log({ inner: upTo(30, (i) => i), more: upTo(7, (i) => 'abc') });
console.log([1.5, -2.25, 1000000, 0.001, 12345.678, 7, -8]);
console.log(upTo(9, (i) => i % 2 === 0));
console.log([undefined, null, undefined, null, undefined, null, undefined, null]);
