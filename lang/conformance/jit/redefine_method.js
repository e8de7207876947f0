'use strict';
// A prototype method is replaced while its caller is hot.
class Counter { constructor() { this.n = 0; } bump() { this.n += 1; return this.n; } }
const c = new Counter();
function drive(k) { let s = 0; for (let i = 0; i < k; i++) s += c.bump(); return s; }
console.log(drive(20000));
Counter.prototype.bump = function () { this.n += 2; return this.n; };
console.log(drive(20000));
for (let r = 0; r < 10; r++) { Counter.prototype.bump = function () { this.n += r; return this.n; }; drive(3000); }
console.log(c.n);
c.bump = () => 7;
console.log(drive(1000));
delete c.bump;
console.log(drive(10));
