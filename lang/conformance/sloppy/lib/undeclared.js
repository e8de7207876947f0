// Sloppy code: see ../undeclared.js.
function attempt(f) {
  try { return f(); } catch (e) { return e.name + ': ' + e.message; }
}
function make() { counter = 0; made = 'yes'; return typeof counter; }
console.log(typeof counter, attempt(function () { return counter; }));
console.log(make(), counter, made, globalThis.counter, Object.getOwnPropertyDescriptor(globalThis, 'made'));
for (index = 0; index < 2000; index++) counter += index;
console.log(counter, index);
for (key in { a: 1, b: 2 }) last = key;
console.log(key, last);
[first, { second }] = [1, { second: 2 }];
console.log(first, second, attempt(function () { unknown += 1; }), attempt(function () { unknown++; }), typeof unknown);
var step = (chained = nested = 5);
console.log(step, chained, nested, delete globalThis.chained, typeof chained);
function Thing() { self_ = this; this.x = 1; }
new Thing();
console.log(self_);
callback = function () { return counter; };
console.log(callback.name, callback(), attempt(function () { return callback.call(null); }));
Object.defineProperty(globalThis, 'locked', { value: 1, configurable: true });
locked = 2;
console.log(locked, attempt(function () { 'use strict'; locked = 3; }));
Object.defineProperty(globalThis, 'watched', { get: function () { return 'got'; }, set: function (v) { seen = v; }, configurable: true });
watched = 9;
console.log(watched, seen);
function hot(n) { for (total = 0, i = 0; i < n; i++) total += i; return total; }
var sum = 0;
for (var round = 0; round < 60; round++) sum += hot(round * 3);
console.log(sum, total, i);
