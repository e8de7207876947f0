'use strict';
// Cycles are named and referenced.
const a = { name: 'a' };
a.self = a;
console.log(a);
const parent = { kids: [] };
parent.kids.push({ parent }, { parent });
console.log(parent);
const x = { id: 'x' }, y = { id: 'y', x };
x.y = y;
console.log(x, y);
const arr = [1];
arr.push(arr);
console.log(arr);
const shared = { s: 1 };
console.log({ p: shared, q: shared });
const l = { inner: {} };
l.inner.up = l.inner;
console.log(l);
class N { constructor() { this.me = this; } }
console.log(new N());
