'use strict';
// syntax: 3
console.log('abc);
