'use strict';
// indexOf, includes, startsWith and their positions.
const s = 'the quick brown fox jumps over the lazy dog';
console.log(s.indexOf('the'), s.indexOf('the', 1), s.indexOf('cat'), s.indexOf(''), s.indexOf('', 5), s.indexOf('', 999), s.indexOf('dog', -5));
console.log(s.lastIndexOf('the'), s.lastIndexOf('the', 30), s.lastIndexOf('x'), s.lastIndexOf(''), s.lastIndexOf('the', -1));
console.log(s.includes('fox'), s.includes('fox', 20), s.includes(''), s.startsWith('the'), s.startsWith('quick', 4), s.endsWith('dog'), s.endsWith('lazy', 39));
console.log('aaa'.indexOf('aa', 1), 'aaa'.lastIndexOf('aa'), 'null'.indexOf(null), 'undefined!'.includes(undefined));
