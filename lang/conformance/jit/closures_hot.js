'use strict';
// Captured variables changed by hot closures; fresh closures at one call site.
function make() { let n = 0; return { inc() { n++; }, get() { return n; } }; }
const c = make();
for (let i = 0; i < 20000; i++) c.inc();
console.log(c.get());
function apply(f, v) { return f(v); }
let s = 0;
for (let i = 0; i < 20000; i++) s = apply((x) => x + i % 3, s);
console.log(s);
const fs = [(x) => x + 1, (x) => x - 1, (x) => x * 1, (x) => x | 0, (x) => x ^ 1, (x) => x + 0.5];
for (let i = 0; i < 30000; i++) s = apply(fs[i % fs.length], s);
console.log(s);
function adder(k) { return (x) => x + k; }
let a = adder(1);
for (let i = 0; i < 30000; i++) { if (i === 15000) a = adder(0.5); s = a(s); }
console.log(s);
let captured = 0;
const bump = () => { captured += 1; };
for (let i = 0; i < 20000; i++) { bump(); if (i === 10000) captured = 0.5; if (i === 15000) captured = 'str'; if (typeof captured === 'string') captured = 7; }
console.log(captured);
