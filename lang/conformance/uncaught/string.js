'use strict';
// exit: 1
// stderr: string.js:7
// stderr: throw 'just a string';
// stderr: just a string
console.log('before');
throw 'just a string';
