'use strict';
// Two shapes at one site, in blocks and alternating.
class A { constructor(n) { this.n = n; } get2() { return this.n * 2; } }
class B { constructor(n) { this.pad = 0; this.n = n; } get2() { return this.n + 1; } }
function use(o) { return o.get2() + o.n; }
let s = 0;
for (let i = 0; i < 10000; i++) s += use(new A(i));
for (let i = 0; i < 10000; i++) s += use(new B(i));
for (let i = 0; i < 20000; i++) s += use(i % 2 ? new A(i) : new B(i));
console.log(s);
