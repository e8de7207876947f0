'use strict';
// syntax: 3
console.log(010);
