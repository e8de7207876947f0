var root = this;
console.log(root === module.exports);

function plain() { return this; }
console.log(plain() === globalThis, plain.call(null) === globalThis, plain.apply(undefined) === globalThis);
console.log(typeof plain.call(5), plain.call(5) + 1, typeof plain.call('ab'), plain.call('ab').length, typeof plain.call(true));
console.log(plain.call(5) instanceof Number, plain.call(5) === plain.call(5));

var o = { m: function () { return this; } };
console.log(o.m() === o, (0, o.m)() === globalThis, [o.m][0]() === o);

function Point(x) {
  if (!(this instanceof Point)) return new Point(x);
  this.x = x;
}
console.log(Point(3).x, new Point(4).x);

Number.prototype.kind = function () { return typeof this; };
String.prototype.first = function () { return this.charAt(0) + typeof this; };
console.log((5).kind(), 'xyz'.first());
Number.prototype.strictKind = function () { 'use strict'; return typeof this; };
console.log((5).strictKind());

(function (global) { global.sharedByRoot = 7; })((function () { return this; })());
console.log(sharedByRoot, typeof sharedByRoot, 'sharedByRoot' in globalThis);
delete globalThis.sharedByRoot;
console.log(typeof sharedByRoot);

function outer() { return (() => this)(); }
console.log(outer.call(o) === o, outer() === globalThis, typeof outer.call('s'));

console.log([1, 2].map(function () { return this === globalThis; }), [1].map(function () { return typeof this; }, 'arg'));
var getter = { get self() { return this; } };
console.log(getter.self === getter);

function count() { this.n = (this.n || 0) + 1; return this.n; }
var total = 0;
for (var i = 0; i < 300; i++) total += count.call(o);
count(); count();
console.log(total, globalThis.n);
for (i = 0; i < 300; i++) total += typeof plain.call(i % 3 ? o : i) === 'object' ? 1 : 0;
console.log(total);
delete globalThis.n;
