'use strict';
// syntax: 3
let a = 1 ] 2;
