'use strict';
// Relational comparison is by UTF-16 code units.
const words = ['b', 'a', 'C', 'aa', '', 'é', 'z', '10', '9', 'B', '\uff5e', '😀'];
console.log(words.slice().sort().map((w) => w.length + w));
console.log('a' < 'á', 'Z' < 'a', '\uff5e' > '😀', 'abc' >= 'abc', 'a' <= '', '2' > '12', 2 > '12', '2' > 12);
console.log('a'.localeCompare('b'), 'b'.localeCompare('a'), 'a'.localeCompare('a'));
