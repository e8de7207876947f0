'use strict';
// replace and replaceAll with string patterns, $ patterns, and functions.
console.log('aaa'.replace('a', 'b'), 'aaa'.replaceAll('a', 'b'), 'abc'.replace('x', 'y'), 'abc'.replace('', '_'), 'abc'.replaceAll('', '_'));
console.log('price'.replace('ice', '[$&]'), 'price'.replace('ice', "$`"), 'prices'.replace('ic', "$'"), 'a$b'.replace('$', '$$'));
console.log('hello'.replace('l', (m) => m.toUpperCase()), 'hello'.replaceAll('l', (m, i) => m + i));
console.log('x.y.z'.replaceAll('.', '/'), 'undefined'.replace(undefined, 'ok'));
