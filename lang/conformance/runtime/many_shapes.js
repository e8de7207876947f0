'use strict';
// Access by name where a site sees many shapes, and access by computed names: answers must follow every change.
const makers = [];
for (let i = 0; i < 12; i++) makers.push(v => { const o = {}; for (let k = 0; k < i; k++) o['pad' + k] = k; o.x = v; return o; });
class Base { m() { return 'base' + this.x; } }
function get(o) { return o.x; }
function set(o, v) { o.x = v; }
function add(o, v) { o.extra = v; }
function missing(o) { return o.nothing; }
function read(o, k) { return o[k]; }
function write(o, k, v) { o[k] = v; }
let sum = 0;
for (let i = 0; i < 3000; i++) {
  const o = makers[i % 12](i);
  sum += get(o);
  set(o, i * 2);
  add(o, 1);
  sum += o.x + o.extra + read(o, 'ex' + 'tra') + (missing(o) === undefined ? 1 : 0);
  write(o, 'k' + (i % 5), i);
  sum += read(o, 'k' + (i % 5)) - read(o, 'x');
}
console.log(sum);

// What was absent appears on a prototype, then goes again.
const objects = makers.map(f => f(1));
Object.prototype.nothing = 'something';
console.log(objects.map(missing).join());
delete Object.prototype.nothing;
console.log(objects.map(o => String(missing(o))).join());

// A property that sites have added becomes a setter, then read-only, on the prototype.
const log = [];
Object.defineProperty(Object.prototype, 'extra', { set(v) { log.push(v); }, get() { return 'got'; }, configurable: true });
for (const f of makers) { const o = f(1); add(o, 5); if (o.extra !== 'got' || o.hasOwnProperty('extra')) console.log('wrong'); }
console.log(log.length);
Object.defineProperty(Object.prototype, 'extra', { value: 0, writable: false, configurable: true });
let errors = 0;
for (const f of makers) { try { add(f(1), 5); } catch (e) { errors++; } }
console.log(errors);
delete Object.prototype.extra;
for (const f of makers) { const o = f(1); add(o, 5); sum += o.extra; }
console.log(sum);

// Methods redefined while many shapes of receivers call them.
const receivers = [];
for (let i = 0; i < 10; i++) { const o = new Base(); for (let k = 0; k < i; k++) o['f' + k] = k; o.x = i; receivers.push(o); }
const call = () => receivers.map(o => o.m()).join();
console.log(call(), call());
Base.prototype.m = function () { return 'new' + this.x; };
console.log(call());
receivers[3].m = () => 'own';
console.log(call());
delete receivers[3].m;
Object.setPrototypeOf(receivers[4], { m() { return 'other'; } });
console.log(call());

// Deleted, read-only and accessor properties at the same sites.
const odd = makers.map(f => f(1));
odd.forEach((o, i) => { if (i % 3 === 0) delete o.x; if (i % 3 === 1) Object.freeze(o); if (i % 3 === 2) Object.defineProperty(o, 'x', { get() { return 'g'; } }); });
console.log(odd.map(get).join());
let refused = 0;
for (const o of odd) { try { set(o, 2); } catch (e) { refused++; } }
console.log(refused, odd.map(o => read(o, 'x')).join());
// Keys of every sort at one site.
const bag = {};
const sym = Symbol.iterator;
const keys = ['a', 1, '1', 1.5, '1.5', -1, 'length', null, undefined, true, '00', 4294967295, sym];
for (let round = 0; round < 3; round++) keys.forEach((k, i) => write(bag, k, i + round));
console.log(keys.map(k => read(bag, k)).join(), Object.keys(bag).join());
const arr = [1, 2, 3];
write(arr, 'length', 2); write(arr, 'name', 'n');
console.log(read(arr, 'length'), read(arr, 'name'), read('text', 'length'), read('text', 2), read(5, 'nothing'), read(arr, 'x' + 'y'));
try { read(null, 'x'); } catch (e) { console.log(e.message); }
try { write(undefined, 'x', 1); } catch (e) { console.log(e.message); }
