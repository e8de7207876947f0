'use strict';
// exit: 1
// stderr: TypeError: Cannot read properties of undefined (reading 'x')
// stderr:     at inner
// stderr:     at outer
console.log('before');
function inner(o) { return o.x; }
function outer() { return inner(undefined) + 1; }
outer();
