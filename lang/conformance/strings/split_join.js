'use strict';
// split by string, with limits and empty separators.
console.log('a,b,,c'.split(','), 'a,b,c'.split(',', 2), 'abc'.split(''), ''.split(','), ''.split(''), 'abc'.split(), 'abc'.split('x'), 'a--b--c'.split('--'));
console.log('one two  three'.split(' '), ',a,'.split(','), 'aXbX'.split('X', 0), 'abc'.split('', 2));
const words = 'zeta alpha mu beta'.split(' ');
words.sort();
console.log(words.join('-'), words.join(), words.join(''), [1, [2, [3]]].join(';'), [null, undefined, 1].join('|'));
const counts = {};
for (const ch of 'mississippi'.split('')) counts[ch] = (counts[ch] || 0) + 1;
console.log(counts);
