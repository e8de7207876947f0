'use strict';
// typeof tests in hot code as new types arrive.
function kind(v) { if (typeof v === 'number') return 1; if (typeof v === 'string') return 2; if (typeof v === 'function') return 3; if (typeof v === 'undefined') return 4; if (v === null) return 5; if (Array.isArray(v)) return 6; return typeof v === 'boolean' ? 7 : 8; }
const vs = [1, 2.5, 'x', () => 0, undefined, null, [], {}, true, class {}];
let s = 0;
for (let i = 0; i < 20000; i++) s += kind(i);
for (let i = 0; i < 20000; i++) s += kind(vs[i % 3]);
for (let i = 0; i < 20000; i++) s = (s * 3 + kind(vs[i % vs.length])) % 1000003;
console.log(s);
class A {} class B extends A {}
function isA(v) { return v instanceof A; }
let n = 0;
for (let i = 0; i < 20000; i++) { if (isA(i % 2 ? new A() : new B())) n++; if (isA(i)) n += 100; if (isA({})) n += 1000; }
B.prototype.x = 1;
Object.setPrototypeOf(B.prototype, null);
for (let i = 0; i < 1000; i++) if (isA(new A())) n++;
console.log(n, isA(Object.create(B.prototype)));
