'use strict';
// A load that always missed starts to hit, through the prototype.
const base = {};
const o = Object.create(base);
function probe(n) { let k = 0; for (let i = 0; i < n; i++) if (o.maybe === undefined) k++; return k; }
console.log(probe(20000));
base.maybe = 1;
console.log(probe(20000));
delete base.maybe;
console.log(probe(20000));
o.maybe = 0;
console.log(probe(20000));
