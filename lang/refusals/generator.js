'use strict';
// refuse: 3:1 generator
function* counter() { yield 1; }
console.log(counter().next().value);
