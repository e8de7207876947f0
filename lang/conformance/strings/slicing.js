'use strict';
// slice, substring, substr edge cases.
const s = 'abcdefgh';
const args = [0, 2, -3, 99, -99, NaN, undefined];
for (const a of args) {
  for (const b of args) console.log(a, b, JSON.stringify(s.slice(a, b)), JSON.stringify(s.substring(a, b)));
}
console.log(s.slice(), s.slice(3), s.substring(3), s.substr(2, 3), s.substr(-3), s.substr(-3, 2));
