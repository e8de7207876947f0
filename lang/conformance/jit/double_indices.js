'use strict';
// Indices that are held as doubles: equal to an integer, then not, then negative zero, then too large.
function at(list, i) { return list[i]; }
function put(list, i, v) { list[i] = v; }
function half(list, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += list[i * 0.5 * 2];
  return sum;
}
const list = [10, 20, 30, 40, 50, 60, 70, 80];
const bytes = new Uint8Array(8);
let sum = 0;
for (let i = 0; i < 20000; i++) {
  const index = Math.sqrt((i % 8) * (i % 8));
  sum += at(list, index) + half(list, 8);
  put(bytes, index, i);
  sum += at(bytes, index);
}
console.log(sum, Array.from(bytes).join());
console.log(at(list, -0), at(list, 7.0), at(list, 0.5), at(list, NaN), at(list, -1), at(list, 4294967295), at(list, 1e300));
console.log(at(list, "3"), at(list, "length"), at("text", 2.0), at(bytes, 1.5), at(bytes, 8));
put(list, -0, 11);
put(list, 2.5, "odd");
put(list, 8.0, 90);
console.log(list.length, list[0], list["2.5"], Object.keys(list).join());
console.log(half([1.5, 2.5, 3.5], 3), half([1, , 3], 3), half("abc", 3));
