'use strict';
// Long objects and arrays break over lines at 72 and 76 columns.
console.log({ alpha: 'aaaaaaaaaaaaaaa', beta: 'bbbbbbbbbbbbbbb', gamma: 'ccccccccccccccc', delta: 'd' });
console.log({ alpha: 'aaaaaaaaaaaaaaa', beta: 'bbbbbbbbbbbbbbb', gamma: 'ccccccccccccccc', delta: 'ddddddddddddddd' });
console.log(['aaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbbbb', 'cccccccccccccccccccccccc']);
console.log(['aaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbb', 'c']);
console.log({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11, l: 12, m: 13, n: 14, o: 15, p: 16, q: 17, r: 18 });
console.log({ user: { name: 'someone with a long name', address: { street: 'a street of some length', zip: '12345' } }, tags: ['one', 'two'] });
console.log([{ id: 1, name: 'first item', done: false }, { id: 2, name: 'second item', done: true }, { id: 3, name: 'third item', done: false }]);
console.log({ text: 'x'.repeat(100), after: 1 });
console.log(['x'.repeat(80)]);
console.log({ k: 'line one\nline two', n: 1 });
