'use strict';
// Each iteration of a let loop has its own binding; var does not.
const lets = [];
for (let i = 0; i < 3; i++) lets.push(() => i);
console.log(lets.map((f) => f()));
const vars = [];
for (var j = 0; j < 3; j++) vars.push(() => j);
console.log(vars.map((f) => f()));
const modified = [];
for (let i = 0; i < 6; i++) { modified.push(() => i); i++; }
console.log(modified.map((f) => f()));
const ofs = [];
for (const v of ['a', 'b']) ofs.push(() => v);
console.log(ofs.map((f) => f()));
const shared = [];
for (let i = 0, step = () => { i += 10; }; i < 3; i++) { shared.push(() => i); if (i === 1) step(); }
console.log(shared.map((f) => f()));
const setters = [];
for (let i = 0; i < 3; i++) setters.push({ get: () => i, set: (v) => { i = v; } });
setters[0].set(100);
console.log(setters.map((s) => s.get()));
let w = 0;
const whiles = [];
while (w < 3) { const k = w; whiles.push(() => k); w++; }
console.log(whiles.map((f) => f()));
const init = [];
for (let i = 0, get = () => i; i < 2; i++) init.push(get());
console.log(init);
const cont = [];
for (let i = 0; i < 5; i++) { if (i % 2) continue; cont.push(() => i); }
console.log(cont.map((f) => f()));
