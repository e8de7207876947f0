'use strict';
// exit: 1
// stderr: null
console.log('about to throw null');
throw null;
