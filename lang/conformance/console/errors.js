'use strict';
// Errors print their stack; without frames they print in brackets.
function bare(e) { e.stack = e.name + ': ' + e.message; return e; }
console.log(bare(new Error('plain')));
console.log([bare(new TypeError('in array'))]);
console.log({ e: bare(new RangeError('in object')) });
const extra = bare(new Error('with props'));
extra.code = 42;
console.log(extra);
console.log(`${new Error('as text')}`, 'tail');
const framed = new Error('framed');
framed.stack = 'Error: framed\n    at somewhere (file:1:2)';
console.log(framed);
console.log({ nested: framed });
console.log([framed]);
