'use strict';
// Literals, escapes, length, indexing.
console.log('a\tb', "q\"q", 'it\'s', 'nl\\n', '\x41\u0042\u{43}', 'line1\nline2');
const s = 'hello';
console.log(s.length, s[0], s[4], s[5], s[-1], s['length'], s.at(-1), s.charAt(1), s.charAt(99) === '', s.charCodeAt(0), s.charCodeAt(99));
console.log('' === "", 'abc' === 'ab' + 'c', 'a' < 'b', 'a' < 'B', 'abc' < 'abd', 'abc' < 'ab', '10' < '9', 10 < '9', '' < 'a');
console.log('é'.length, '日本語'.length, '日本語'[1], '😀'.length, '😀'.charCodeAt(0), '😀'.codePointAt(0), '😀'[0] === '\ud83d');
console.log('a' + 1, 1 + 'a', 1 + 2 + 'a', 'a' + 1 + 2, 'x' + null, 'x' + undefined, 'x' + true, 'x' + [1, 2], 'x' + {});
let t = 'ab';
t += 'cd';
t += 5;
console.log(t, t.length);
console.log('multi \
line');
