'use strict';
// syntax: 4
let x = 1;
let x = 2;
