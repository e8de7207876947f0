'use strict';
// Setters, getters and private members of one and of several classes in optimized code.
class A { #p = 1; constructor() { this._v = 0; } get v() { return this._v; } set v(x) { this._v = x * 2; } bump() { this.#p += 1; return this.#p; } static has(o) { return #p in o; } #m(x) { return x + this.#p; } call(x) { return this.#m(x); } get #g() { return this.#p * 10; } g() { return this.#g; } }
class B extends A { set v(x) { super.v = x + 1; } get v() { return super.v + 1; } }
class C { constructor() { this.v = 3; } }
const o = { get v() { return this.w; }, set v(x) { this.w = x; } };
const list = [new A(), new B(), new C(), o];
function store(x, i) { x.v = i; return x.v; }
let sum = 0;
for (let i = 0; i < 20000; i++) sum = (sum + store(list[i & 3], i)) | 0;
for (let i = 0; i < 20000; i++) { const a = list[i & 1]; sum = (sum + a.bump() + a.call(i) + a.g() + (A.has(list[i & 3]) ? 1 : 0)) | 0; }
console.log(sum);
try { for (let i = 0; i < 5000; i++) A.prototype.bump.call(i === 4999 ? {} : list[0]); } catch (e) { console.log(e.name, e.message); }
class D { get only() { return 1; } }
function write(d, i) { d.only = i; }
try { write(new D(), 1); } catch (e) { console.log(e.name, e.message); }
let errors = 0; for (let i = 0; i < 3000; i++) { try { write(new D(), i); } catch (e) { errors++; } }
console.log(errors);
Object.defineProperty(A.prototype, 'v', { get() { return 'new'; }, set(x) { this.z = x; } });
console.log(store(list[0], 5), list[0].z, store(list[1], 6));
