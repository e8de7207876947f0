'use strict';
// %s %d %i %f %j %o %O %c %% only when the first argument is a string.
console.log('%s is %d years', 'Bob', 42, 'extra', { a: 1 });
console.log('%i %f %d', 42.9, '1.5', '0x10');
console.log('%j %j', { a: [1] }, 'x');
console.log('%O', { a: { b: { c: { d: 1 } } } });
console.log('100%', 5, '%s');
console.log('%% %s', 'x');
console.log('%s', null, undefined, [1, [2]], () => 0);
console.log('%s %s', 'one');
console.log('%x %s', 'a');
console.log(5, '%s', 'x');
console.log('%d %i', 'abc', null);
console.log('%s', -0, { toString() { return 'own'; } }, 'a');
console.log('%ctext', 'color: red');
