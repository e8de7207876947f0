'use strict';
// An object that the optimizer did not make, whose last fields are undefined, is made by an exit.
let z = 0;
class Pair {
  constructor(a) {
    this.a = a;
    this.b = undefined;
    if (z++ > 3000) this.seen = [this.a, this.b, 'b' in this, Object.keys(this)].map(String).join();
  }
}
let last;
for (let i = 0; i < 3002; i++) last = new Pair(i);
console.log(last.seen, last);

function Method() {
  this.b = undefined;
  if (z++ > 9000) this.b();
}
try {
  for (let i = 0; i < 9000; i++) new Method();
} catch (e) {
  console.log(e.name, e.message);
}
