'use strict';
// for-of over arrays: growth while iterating, holes, break, assignment targets.
const a = [1, 2, 3];
for (const v of a) console.log(v);
let last;
for (last of a);
console.log(last);
const o = {};
for (o.x of a);
console.log(o);
const grow = [1, 2];
for (const v of grow) if (v < 4) grow.push(v + 2);
console.log(grow);
const shrink = [1, 2, 3, 4];
const seen = [];
for (const v of shrink) { seen.push(v); shrink.pop(); }
console.log(seen);
for (const v of [, 'after hole', ,]) console.log(v);
for (const v of []) console.log('never', v);
for (let v of [1, 2]) { v *= 10; console.log(v); }
let count = 0;
for (const x of [1, 2, 3]) for (const y of [1, 2, 3]) { if (y > x) break; count += x * y; }
console.log(count);
for (const bad of [5, null, undefined, {}]) try { for (const v of bad) console.log(v); } catch (e) { console.log(e.name); }
const fs = [];
for (const v of ['p', 'q']) fs.push(() => v);
console.log(fs.map((f) => f()));
function firstOver(list, n) { for (const v of list) if (v > n) return v; return -1; }
console.log(firstOver([1, 5, 9], 4), firstOver([1], 4));
