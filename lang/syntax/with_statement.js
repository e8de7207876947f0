'use strict';
// syntax: 3
with ({}) { console.log(1); }
