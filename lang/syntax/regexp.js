'use strict';
// syntax: 3
const x = /(/;
