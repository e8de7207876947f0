'use strict';
// exit: 1
// stderr: RangeError: Maximum call stack size exceeded
console.log('going down');
function down() { return down() + 1; }
down();
