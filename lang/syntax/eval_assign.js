'use strict';
// syntax: 3
eval = 1;
