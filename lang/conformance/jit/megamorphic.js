'use strict';
// Ten classes at one site, loads, stores and calls.
const classes = [];
for (let i = 0; i < 10; i++) {
  classes.push(class { constructor() { for (let k = 0; k <= i; k++) this['p' + k] = k; this.val = i; } id() { return i; } });
}
function poke(o) { o.val += o.id(); return o.val; }
const objs = classes.map((C) => new C());
let s = 0;
for (let i = 0; i < 30000; i++) s += poke(objs[i % 10]) % 1000;
console.log(s, objs.map((o) => o.val).join());
