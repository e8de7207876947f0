'use strict';
// Hundreds of properties, insertion order, deletes in the middle, and back.
const o = {};
for (let i = 0; i < 300; i++) o['p' + i] = i;
let sum = 0;
for (const k of Object.keys(o)) sum += o[k];
console.log(sum, Object.keys(o).length, Object.keys(o)[0], Object.keys(o)[299]);
for (let i = 0; i < 300; i += 3) delete o['p' + i];
console.log(Object.keys(o).length, Object.keys(o).slice(0, 5), o.p3, o.p4, 'p3' in o);
o.p3 = 'back';
console.log(Object.keys(o)[Object.keys(o).length - 1], o.p3);
const sparse = {};
for (let i = 50; i >= 0; i -= 5) sparse[i] = i;
sparse.name = 'x';
sparse[3] = 3;
console.log(Object.keys(sparse).join());
function Wide() { for (let i = 0; i < 40; i++) this['f' + i] = i; }
const w1 = new Wide(), w2 = new Wide();
w2.f39 = 'changed';
console.log(w1.f39, w2.f39, w1.f0 + w1.f20, Object.keys(w1).length);
