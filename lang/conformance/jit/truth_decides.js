'use strict';
// Branches on values of every kind, at sites that have seen all of them, some of them or one.
const everything = [
  true, false, null, undefined, 0, -0, 1, -1, 0.5, -0.5, NaN, Infinity, 2 ** 31, -(2 ** 31), 1e300, 5e-324,
  '', 'a', 'ab'.slice(1, 1), 'x' + everything0(), {}, [], [0], () => 0, Symbol.iterator, new Boolean(false), new Date(0),
];
function everything0() {
  return '';
}
function word(v) {
  if (v) return 'yes';
  return 'no';
}
function not(v) {
  return !v ? 'no' : 'yes';
}
function both(a, b) {
  if (a && b) return 2;
  if (a || b) return 1;
  return 0;
}
function count(list) {
  let n = 0;
  for (const v of list) if (v) n++;
  return n;
}
function chain(v) {
  let n = 0;
  while (v && n < 3) {
    n++;
    v = v.next;
  }
  return n;
}
function pick(a, b) {
  return (a && b) || 'neither';
}
const lists = {
  everything,
  flags: [true, false, false, true],
  maybe: [null, {}, undefined, [], null],
  numbers: [0, 1, -0, 2.5, NaN, 3],
  texts: ['', 'x', '0', 'false'],
  mixed: ['', 0, null, 'x', 1],
};
for (let i = 0; i < 3000; i++) {
  for (const name in lists) count(lists[name]);
  word(everything[i % everything.length]);
  not(everything[(i * 7) % everything.length]);
  both(everything[i % everything.length], everything[(i * 5) % everything.length]);
  chain(i % 4 === 0 ? null : { next: i % 3 ? { next: undefined } : i % 2 ? 0 : '' });
  pick(i & 1, i % 3 ? 'x' : '');
}
console.log(everything.map(word).join(' '));
console.log(everything.map(not).join(' '));
let square = '';
for (const a of everything) for (const b of everything) square += both(a, b);
console.log(square);
for (const name in lists) console.log(name, count(lists[name]));
console.log(chain(undefined), chain({}), chain({ next: { next: { next: { next: 1 } } } }), chain('text'), chain({ next: '' }));
console.log(pick(1, 'x'), pick('', 'x'), pick('x', 0), pick(0.5, -0), pick({}, []).length);
