'use strict';
// syntax: 3
class A { x = return 1; }
