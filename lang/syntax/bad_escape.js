'use strict';
// syntax: 3
console.log('\u{110000}');
