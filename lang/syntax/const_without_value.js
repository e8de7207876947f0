'use strict';
// syntax: 3
const k;
