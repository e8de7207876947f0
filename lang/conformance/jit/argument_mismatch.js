'use strict';
// Hot calls with too few and too many arguments.
function f(a, b, c) { return (a | 0) + (b === undefined ? 10 : b) + (c === undefined ? 100 : c); }
let s = 0;
for (let i = 0; i < 20000; i++) s += f(i, 1, 2);
for (let i = 0; i < 20000; i++) s += f(i, 1);
for (let i = 0; i < 20000; i++) s += f(i, 1, 2, 3, 4);
for (let i = 0; i < 20000; i++) s += f();
console.log(s);
const list = [f, (a) => a, () => 1, (a, b, c, d) => (d === undefined ? 1000 : d)];
for (let i = 0; i < 20000; i++) s += list[i % 4](i, 2);
console.log(s);
