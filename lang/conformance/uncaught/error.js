'use strict';
// exit: 1
// stderr: error.js:8
// stderr: function fail() { throw new TypeError('something broke'); }
// stderr: TypeError: something broke
console.log('before');
function caller() { fail(); }
function middle() { caller(); }
function fail() { throw new TypeError('something broke'); }
middle();
console.log('never');
