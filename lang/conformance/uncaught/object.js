'use strict';
// exit: 1
// stderr: { code: 7, why: [ 'a' ] }
console.log('before');
throw { code: 7, why: ['a'] };
