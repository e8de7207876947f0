'use strict';
// An array, or arguments, with an iterator method of its own.
function other() {
  return [3, 4][Symbol.iterator]();
}
function sum(...all) {
  let s = 0;
  for (const x of all) s += x;
  return s;
}
function rest(...r) {
  r[Symbol.iterator] = other;
  const [first] = r;
  let s = 0;
  for (const x of r) s += x;
  return [sum(...r), [...r], s, first, Math.max(...r), Array.from(r)].join(' | ');
}
function args() {
  arguments[Symbol.iterator] = other;
  const [first] = arguments;
  let s = 0;
  for (const x of arguments) s += x;
  return [sum(...arguments), [...arguments], s, first].join(' | ');
}
for (let i = 0; i < 300; i++) {
  const a = rest(1, 2), b = args(1, 2);
  if (i % 100 === 99) console.log(a, '/', b);
}

// A loop that was compiled for plain arrays meets one that iterates differently.
function total(list) {
  let s = 0;
  for (const x of list) s += x;
  return s;
}
for (let i = 0; i < 2000; i++) total([i, 1, 2]);
const odd = [1, 2, 3];
odd[Symbol.iterator] = other;
console.log(total([1, 2, 3]), total(odd), total([4]));
delete odd[Symbol.iterator];
console.log(total(odd));
