'use strict';
// `==` of objects, `null` and `undefined` in optimized code: then of strings and numbers, which make it leave.
function same(a, b) { return a == b; }
function differs(a, b) { return a != b; }
function count(list, without) {
  let n = 0;
  for (let i = 0; i < list.length; i++) {
    if (list[i] != without) n++;
  }
  return n;
}
const x = { name: "x" }, y = [1], f = () => 0;
const values = [x, y, f, null, undefined];
let equal = 0, different = 0;
for (let i = 0; i < 30000; i++) {
  const a = values[i % 5], b = values[(i * 7 + (i >> 3)) % 5];
  if (same(a, b)) equal++;
  if (differs(a, b)) different++;
}
console.log(equal, different, equal + different);
for (let i = 0; i < 3000; i++) count(values, values[i % 5]);
console.log(values.map((v) => count(values, v)));
console.log(same(null, undefined), same(undefined, null), same(null, 0), same(undefined, false), same(null, ""));
console.log(same(x, "[object Object]"), same(y, 1), same("1", y), same(y, true), same(NaN, NaN), same(null, NaN));
console.log(differs(y, "1"), differs(undefined, 0), differs(1, "1"), differs("a", "a"));
const converts = { valueOf() { return 42; } };
console.log(same(converts, 42), same(42, converts), differs(converts, 43), same(converts, converts));
console.log(count([1, "1", null, undefined, y, x], "1"), count([0, false, "", null], null));
