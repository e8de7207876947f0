'use strict';
let n = 0;
console.log('counter loads once');
exports.name = 'counter';
exports.next = function () { n++; return n; };
