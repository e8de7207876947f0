'use strict';
// `instanceof` in hot code: prototypes of objects and of functions that change meanwhile, and right sides of all kinds.

class A {}
class B extends A {}
function Old() {}
function Sub() {}
Sub.prototype = Object.create(Old.prototype);

function count(things, Class, times = 2000) {
  let n = 0;
  for (let i = 0; i < times; i++) if (things[i % things.length] instanceof Class) n++;
  return n;
}
const things = [new A(), new B(), new Old(), new Sub(), {}, [], null, 1, 'text', () => 1];
const all = () => console.log([A, B, Old, Sub, Object, Array, Function].map(C => count(things, C)).join());
all();

const one = Class => v => v instanceof Class;
const isA = v => v instanceof A;
const isSub = v => v instanceof Sub;
const isArray = v => v instanceof Array;
let seen = 0;
for (let i = 0; i < 3000; i++) for (const t of things) if (isA(t) || isSub(t) || isArray(t)) seen++;
console.log(seen);

// A function's prototype is replaced.
const before = things.map(isSub).join();
Sub.prototype = Object.create(A.prototype);
console.log(before, things.map(isSub).join(), isSub(new Sub()), isA(new Sub()));
all();

// An object's prototype, and one in the middle of a chain.
Object.setPrototypeOf(things[0], Sub.prototype);
console.log(isSub(things[0]), isA(things[0]));
Object.setPrototypeOf(B.prototype, Old.prototype);
console.log(isA(things[1]), count(things, Old, 100));
let last = '';
for (let i = 0; i < 2000; i++) {
  if (i === 1500) Object.setPrototypeOf(B.prototype, A.prototype);
  last = isA(things[1]) + ' ' + (things[1] instanceof Old);
}
console.log(last);

// Not objects, not functions, no prototypes.
const tests = [one(A), one(Old), one(A.bind(null)), one(() => 1), one({}), one(undefined), one(Math.max)];
for (const test of tests) {
  let text;
  for (let i = 0; i < 500; i++) {
    try {
      text = String(test(things[i % 2]));
    } catch (e) {
      text = e.constructor.name;
    }
  }
  console.log(text);
}
Old.prototype = 5;
for (const v of [things[2], 1]) {
  try {
    console.log(v instanceof Old);
  } catch (e) {
    console.log(e.constructor.name);
  }
}
