'use strict';
// A monomorphic property load meets a second shape, then many.
function getX(o) { return o.x; }
let s = 0;
for (let i = 0; i < 20000; i++) s += getX({ x: i, y: 1 });
console.log(s);
for (let i = 0; i < 20000; i++) s += getX({ y: 1, x: i });
console.log(s);
for (let i = 0; i < 2000; i++) { const o = {}; o['pad' + i % 20] = 1; o.x = 2; s += getX(o); }
console.log(s, getX({}), getX('str'), getX(5), getX([1]));
try { getX(null); } catch (e) { console.log(e.message); }
for (let i = 0; i < 20000; i++) s += getX({ x: 1, y: 2 });
console.log(s);
