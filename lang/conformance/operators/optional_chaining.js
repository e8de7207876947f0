'use strict';
// ?. stops the whole chain.
const o = { a: { b: () => ({ c: 5 }), arr: [1] }, n: null };
console.log(o?.a?.b?.().c, o.n?.x, o.n?.x.y.z, o.zip?.(), o.a.arr?.[0], o.n?.[0].foo(), o.a?.['arr'], o.a.b?.()?.zip?.zap);
let calls = 0;
const bump = () => ++calls;
o.n?.[bump()];
o.zip?.(bump());
console.log(calls, delete o?.a?.arr, o.a.arr, delete o.n?.zip);
try { o.a.zip(); } catch (e) { console.log(e.message); }
try { o.a?.zip(); } catch (e) { console.log(e.message); }
const self = { v: 3, get() { return this.v; } };
console.log(self?.get(), self.get?.());
