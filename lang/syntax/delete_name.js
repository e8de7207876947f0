'use strict';
// syntax: 4
let x = 1;
delete x;
