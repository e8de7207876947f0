'use strict';
// Per-iteration bindings captured in a hot loop.
const keep = [];
for (let i = 0; i < 20000; i++) { const f = () => i; if (i % 4000 === 0) keep.push(f); }
console.log(keep.map((f) => f()));
let s = 0;
for (let i = 0; i < 20000; i++) { let k = i; const g = () => { k += 1; return k; }; s += g() + g(); }
console.log(s);
