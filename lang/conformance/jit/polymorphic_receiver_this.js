'use strict';
// The same method on different receivers, through call and on primitives.
function show() { return typeof this === 'object' ? this.v : this; }
const rs = [{ v: 1 }, { w: 0, v: 2 }, { v: 3, z: 1 }];
let s = 0;
for (let i = 0; i < 20000; i++) s += show.call(rs[i % 3]);
console.log(s, show.call(5), show.call('str'), show.call(undefined));
const o = { v: 10, f: show };
for (let i = 0; i < 20000; i++) s += o.f();
console.log(s);
String.prototype.shout = function () { return this + '!'; };
Number.prototype.twice = function () { return this * 2; };
let t = '';
for (let i = 0; i < 20000; i++) { t = 'a'.shout(); s += i.twice() + (0.5).twice(); }
console.log(t, s);
