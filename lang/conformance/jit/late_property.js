'use strict';
// Objects from a hot constructor get a property late.
function P(i) { this.a = i; this.b = i * 2; }
function sum(p) { return p.a + p.b; }
let s = 0;
const all = [];
for (let i = 0; i < 20000; i++) { const p = new P(i); s += sum(p); if (i % 1000 === 0) all.push(p); }
for (const p of all) p.late = 1;
for (let i = 0; i < 20000; i++) s += sum(all[i % all.length]);
console.log(s, all[3]);
for (const p of all) { delete p.a; s += p.a === undefined ? 1 : 0; }
console.log(s, Number.isNaN(sum(all[0])));
