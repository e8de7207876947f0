'use strict';
const o = {};
for (const make of [
  () => { o.__proto__ = o; },
  () => Object.setPrototypeOf(o, o),
  () => Object.setPrototypeOf(Object.getPrototypeOf(Object.create(o)), Object.create(o)),
]) {
  try {
    make();
    console.log('no error');
  } catch (e) {
    console.log(e.name, e.message);
  }
}
console.log(Object.getPrototypeOf(o) === Object.prototype);
