'use strict';
// A site that finds one method through several prototypes: overriding it in one of them, later, is seen.
class Base { name() { return 'base'; } get size() { return 1; } }
class A extends Base {}
class B extends Base {}
class C extends B {}
function call(o) { let s = ''; for (let i = 0; i < 3; i++) s += o.name() + o.size + o.extra + ' '; return s; }
const all = [new A(), new B(), new C()];
function show() { return all.map(call).join('|'); }
for (let r = 0; r < 1000; r++) show();
console.log(show());
B.prototype.name = function () { return 'b'; };
console.log(show());
for (let r = 0; r < 1000; r++) show();
Object.defineProperty(C.prototype, 'size', { get() { return 3; } });
console.log(show());
for (let r = 0; r < 1000; r++) show();
B.prototype.extra = 'x';
console.log(show());
for (let r = 0; r < 1000; r++) show();
A.prototype.extra = 'a';
Object.defineProperty(Base.prototype, 'size', { get() { return 9; }, configurable: true });
console.log(show());
// The length of typed arrays of several types, until one of them has another.
const typed = [new Int8Array(3), new Float64Array(4), new Uint8Array(5)];
function lengths(a) { let n = 0; for (let i = 0; i < 20; i++) n += a.length; return n; }
const sum = () => typed.map(lengths).join();
for (let r = 0; r < 1000; r++) sum();
console.log(sum());
Object.defineProperty(Float64Array.prototype, 'length', { get() { return 11; }, configurable: true });
console.log(sum());
for (let r = 0; r < 1000; r++) sum();
delete Float64Array.prototype.length;
console.log(sum());
