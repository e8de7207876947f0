'use strict';
// refuse: 4:28 feature of regular expressions
// Most of them are fine.
console.log(/a/.test('a'), /\p{L}/u.test('a'));
