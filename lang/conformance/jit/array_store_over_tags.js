'use strict';
// Compiled stores into arrays of small integers: over an element, over a hole, at the end; then read by everybody, and widened.
function fill(a, n, from) {
  for (let i = 0; i < n; i++) a[i] = from - i;
  return a;
}
function bump(a) {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] + 1) | 0;
}
function ends(a) {
  return a[0] + ',' + a[a.length - 1] + ',' + a.length + ',' + (a[a.length - 1] === a.at(-1));
}
const packed = [0, 0, 0, 0, 0, 0, 0, 0];
for (let i = 0; i < 2000; i++) {
  const grown = fill([], 8, i);
  const holey = fill(new Array(8), 8, -i);
  fill(packed, 8, i * 1000003);
  bump(packed);
  bump(grown);
  bump(holey);
  if (i % 500 === 499) console.log(JSON.stringify([grown, holey, packed]), ends(packed), ends(grown), ends(holey));
}
console.log(packed.indexOf(packed[3]), packed.slice(2, 5), packed.concat([1.5]), packed.map(x => x / 2));
for (const x of [0.5, -0, 2 ** 40, 'text', undefined]) {
  const a = fill([], 5, 7);
  bump(a);
  a[2] = x;
  console.log(a, Object.is(a[2], x), a[3] + a[4]);
  bump(a);
  console.log(a);
}
const least = fill([1, 2, 3], 3, -2147483646);
console.log(least, least[2] - 1, least.sort((a, b) => a - b));

// Arrays of one literal, of many lengths: the room they begin with is never seen.
function collect(n) {
  const a = [];
  for (let i = 0; i < n; i++) a.push(i);
  return a;
}
let sum = 0;
for (let i = 0; i < 3000; i++) {
  const a = collect(i < 1000 ? 40 : i % 11);
  sum += a.length;
  if (a.length > 0 && a[a.length] !== undefined) console.log('a ghost');
  if (i % 700 === 0) {
    a[a.length] = 'end';
    a.unshift('start');
    console.log(a.length, a[a.length - 1], a.lastIndexOf('end'), Object.keys(a).length, a.length in a);
  }
}
console.log(sum, collect(0), collect(3), collect(70).length);
