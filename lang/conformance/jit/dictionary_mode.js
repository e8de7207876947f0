'use strict';
// delete turns a hot object into a dictionary; hot code keeps working.
function read(o) { return o.k + (o.m === undefined ? 0 : o.m); }
let s = 0;
for (let i = 0; i < 20000; i++) s += read({ k: 1, m: 2 });
const d = { k: 5, m: 6, z: 7 };
delete d.z;
for (let i = 0; i < 20000; i++) s += read(d);
delete d.m;
for (let i = 0; i < 20000; i++) s += read(d);
console.log(s, d);
for (let i = 0; i < 5000; i++) { const o = { k: i, m: 1, t: 0 }; delete o.m; o.m = 3; s += read(o); }
console.log(s);
const cache = {};
for (let i = 0; i < 20000; i++) { cache['e' + i % 50] = i; if (i % 3 === 0) delete cache['e' + (i * 7) % 50]; }
console.log(Object.keys(cache).length);
