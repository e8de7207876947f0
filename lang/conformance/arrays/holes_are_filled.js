// Stores into holes of arrays: within the length, far from the elements, over accessors and prototypes with elements.
'use strict';
function put(a, i, v) { a[i] = v; return a; }
function Bag(n) { this.items = new Array(n); this.count = 0; }
Bag.prototype.add = function (v) { this.items[this.count] = v; this.count++; };
let seen = 0;
for (let k = 0; k < 4000; k++) {
  const bag = new Bag(4);
  bag.add({ k });
  bag.add('x');
  bag.add(k % 2 ? k : 0.5);
  seen += bag.items.length + bag.items[0].k + (3 in bag.items ? 1 : 0);
}
console.log(seen);
const far = put(new Array(100000000), 50000000, 'far');
console.log(far.length, far[50000000], Object.keys(far));
const odd = put(put(new Array(3), 1, 1), 2, 2);
Object.defineProperty(odd, 0, { set(v) { console.log('set', v); }, get() { return 'got'; }, configurable: true });
console.log(put(odd, 0, 5)[0], odd);
Object.defineProperty(odd, 1, { value: 'fixed', writable: false });
try { put(odd, 1, 2); } catch (e) { console.log(e.name, e.message); }
const frozen = Object.freeze([1, , 3]);
for (const i of [0, 1]) try { put(frozen, i, 9); } catch (e) { console.log(e.name, e.message); }
const sealed = Object.preventExtensions(new Array(2));
try { put(sealed, 0, 9); } catch (e) { console.log(e.name, e.message); }
// Nothing is printed meanwhile: the console's own arrays inherit as well.
let inherited = '';
Object.defineProperty(Array.prototype, 1, { set(v) { inherited += v; }, configurable: true });
const swallowed = put(new Array(2), 1, 'swallowed');
delete Array.prototype[1];
console.log(inherited, swallowed, put(new Array(2), 1, 'kept'));
