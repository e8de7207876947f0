'use strict';
// Methods and constructors inlined into a hot caller, left by deopt in the middle.
class Item { constructor(p, q) { this.price = p; this.qty = q; } get total() { return this.price * this.qty; } scale(k) { this.price *= k; return this; } }
class Cart { constructor() { this.items = []; this.sum = 0; } add(p, q) { const it = new Item(p, q); this.items.push(it); this.sum += it.total; return this; } }
let check = 0;
for (let i = 0; i < 5000; i++) { const c = new Cart().add(i, 1).add(2, i); check += c.sum + c.items.length; }
console.log(check);
for (let i = 0; i < 5000; i++) { const c = new Cart().add(i + 0.5, 1); c.items[0].scale(2); check += c.items[0].total; }
console.log(check);
const odd = new Cart().add('12', 2).add({ valueOf() { return 3; } }, 3);
console.log(odd.sum, odd.items);
