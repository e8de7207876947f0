'use strict';
// The text of a method begins with its key, or with the get or set before it; `static` is no part of it.

const object = {
  valueOf() { return 7; },
  get size() { return 1; },
  set size(v) {},
  ['com' + 'puted'](a) { return a; },
  'quoted name'() {},
  plain: function (a) { return a; },
  arrow: (a) => a,
};
const getter = (o, key) => Object.getOwnPropertyDescriptor(o, key).get;
console.log(String(object.valueOf));
console.log(String(getter(object, 'size')));
console.log(String(Object.getOwnPropertyDescriptor(object, 'size').set));
console.log(String(object.computed));
console.log(String(object['quoted name']));
console.log(String(object.plain), String(object.arrow));

class C {
  method(a) { return 1; }
  static first(b) {}
  static /* a comment */ second() {}
  static // another
    get third() { return 3; }
  get z() { return 3; }
  #hidden() { return 4; }
  static(a) { return a; }
  show() { return String(this.#hidden); }
}
console.log(String(C.prototype.method));
console.log(String(C.first), String(C.second), String(getter(C, 'third')));
console.log(String(getter(C.prototype, 'z')), new C().show());
console.log(String(C.prototype.static));
