'use strict';
// syntax: 3
function f(a, a) { return a; }
