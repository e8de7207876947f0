'use strict';
// The value behind a stable shape changes type.
class Cell { constructor(v) { this.v = v; } }
function twice(c) { return c.v + c.v; }
const c = new Cell(1);
let n = 0;
for (let i = 0; i < 20000; i++) n += twice(c);
c.v = 0.25;
for (let i = 0; i < 20000; i++) n += twice(c);
console.log(n);
c.v = 'ab';
console.log(twice(c));
c.v = undefined;
console.log(twice(c));
c.v = { valueOf() { return 21; } };
console.log(twice(c));
c.v = 2147483647;
console.log(twice(c));
