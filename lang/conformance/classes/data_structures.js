'use strict';
// A linked list, a stack, a binary heap and a tree, as people write them.
class Node1 { constructor(v, next) { this.v = v; this.next = next; } }
class List {
  constructor() { this.head = null; this.size = 0; }
  push(v) { this.head = new Node1(v, this.head); this.size++; return this; }
  reverse() { let prev = null; let cur = this.head; while (cur) { const next = cur.next; cur.next = prev; prev = cur; cur = next; } this.head = prev; return this; }
  toArray() { const out = []; for (let n = this.head; n !== null; n = n.next) out.push(n.v); return out; }
}
console.log(new List().push(1).push(2).push(3).reverse().toArray());
class Heap {
  items = [];
  push(v) { const a = this.items; a.push(v); let i = a.length - 1; while (i > 0) { const p = (i - 1) >> 1; if (a[p] <= a[i]) break; const t = a[p]; a[p] = a[i]; a[i] = t; i = p; } }
  pop() {
    const a = this.items;
    const top = a[0];
    const last = a.pop();
    if (a.length > 0) {
      a[0] = last;
      let i = 0;
      for (;;) {
        let m = i;
        const l = 2 * i + 1;
        if (l < a.length && a[l] < a[m]) m = l;
        if (l + 1 < a.length && a[l + 1] < a[m]) m = l + 1;
        if (m === i) break;
        const t = a[m]; a[m] = a[i]; a[i] = t; i = m;
      }
    }
    return top;
  }
}
const h = new Heap();
for (let i = 0; i < 50; i++) h.push(i * 37 % 101);
const sorted = [];
while (h.items.length) sorted.push(h.pop());
console.log(sorted.join(' '));
class Tree { constructor(k) { this.k = k; this.l = null; this.r = null; }
  insert(k) { if (k < this.k) { if (this.l) this.l.insert(k); else this.l = new Tree(k); } else if (this.r) this.r.insert(k); else this.r = new Tree(k); }
  walk(f) { if (this.l) this.l.walk(f); f(this.k); if (this.r) this.r.walk(f); }
}
const root = new Tree(50);
for (let i = 1; i < 40; i++) root.insert(i * 29 % 97);
let acc = '';
root.walk((k) => { acc += k + ','; });
console.log(acc);
console.log(new List().push('a').push('b'));
