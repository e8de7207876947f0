'use strict';
// syntax: 3
function f() { super.x; }
