'use strict';
// valueOf before toString for numbers and +, and operands are evaluated left to right.
const log = [];
function box(name, v) {
  return { valueOf() { log.push('valueOf ' + name); return v; }, toString() { log.push('toString ' + name); return 'S' + v; } };
}
console.log(box('a', 2) + box('b', 3), box('c', 2) * box('d', 3), box('e', 1) < box('f', 2), box('g', 2) > box('h', 1));
console.log(`${box('i', 9)}`, String(box('j', 8)), box('k', 7) + '', [box('l', 6)].join());
console.log(box('m', 5) == 5, box('n', 5) == '5', -box('o', 4), +box('p', 4));
console.log(log.join('; '));
const onlyToString = { toString() { return '42'; } };
console.log(onlyToString + 1, onlyToString * 2, +onlyToString);
const both = { valueOf() { return {}; }, toString() { return 'fallback'; } };
console.log(both + '!');
try {
  const bad = { valueOf() { return {}; }, toString() { return {}; } };
  console.log(bad + 1);
} catch (e) { console.log(e.name + ': ' + e.message); }
