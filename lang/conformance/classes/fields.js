'use strict';
// Instance and static fields: order, this, arrows, computed names, inheritance.
let n = 0;
class A {
  id = ++n;
  name = 'A' + this.id;
  list = [];
  uninit;
  arrow = () => this.name;
  static count = 10;
  static twice = A.count * 2;
  ['dyn' + 1] = 'd';
  'quoted name' = 1;
  constructor() { this.made = this.name + '!'; }
}
const a = new A();
const b = new A();
a.list.push(1);
console.log(a, b.list, a.arrow(), b.arrow.call(null), A.count, A.twice, a.dyn1);
class B extends A {
  extra = this.made + '?';
  name = 'B';
  static count = A.count + 1;
}
const c = new B();
console.log(c.extra, c.name, c.arrow(), B.count, B.twice, Object.keys(c));
A.count = 99;
console.log(A.count, B.count, c);
class Shadow { method() { return 'proto'; } }
class Own extends Shadow { method = () => 'own'; }
console.log(new Own().method(), Object.keys(new Own()));
