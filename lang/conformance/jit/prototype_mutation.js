'use strict';
// A prototype in the middle of the chain gains, changes and loses properties while hot.
class A { who() { return 'A'; } }
class B extends A {}
class C extends B {}
const c = new C();
function ask(n) { let count = 0; for (let i = 0; i < n; i++) if (c.who() === 'A') count++; return count; }
console.log(ask(20000));
B.prototype.who = () => 'B';
console.log(ask(5000));
delete B.prototype.who;
console.log(ask(5000));
Object.setPrototypeOf(B.prototype, { who: () => 'X' });
console.log(ask(5000));
Object.setPrototypeOf(c, A.prototype);
console.log(ask(5000));
A.prototype.flag = 1;
function readFlag(n) { let s = 0; for (let i = 0; i < n; i++) s += c.flag; return s; }
console.log(readFlag(20000));
A.prototype.flag = 2;
console.log(readFlag(20000));
c.flag = 10;
console.log(readFlag(20000));
