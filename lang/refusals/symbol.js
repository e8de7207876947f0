'use strict';
// refuse: 3:13 Symbol
console.log(Symbol('x').toString());
