'use strict';
// exit: 7
console.log('leaving');
process.exit(7);
console.log('never');
