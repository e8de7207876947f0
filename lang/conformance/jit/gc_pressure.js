'use strict';
// Garbage made in hot loops while live data is reachable only from odd places.
class Node { constructor(v, next) { this.v = v; this.next = next; } }
let head = null;
let s = 0;
for (let i = 0; i < 20000; i++) {
  head = new Node(i, head);
  const junk = [i, { i }, 'junk' + i];
  s += junk[0] + junk[1].i + junk[2].length;
  if (i % 1000 === 999) { let n = 0; for (let p = head; p; p = p.next) n += p.v & 1; s += n; head = head.next.next; }
}
console.log(s);
function tree(d) { return d === 0 ? null : { l: tree(d - 1), r: tree(d - 1) }; }
function check(t) { return t === null ? 1 : check(t.l) + check(t.r); }
let c = 0;
for (let i = 0; i < 30; i++) c += check(tree(8));
console.log(c);
const old = [];
for (let i = 0; i < 2000; i++) old.push({ ref: null });
for (let i = 0; i < 20000; i++) old[i % 2000].ref = { n: i };
console.log(old.reduce((x, o) => x + o.ref.n, 0));
