'use strict';
// A cycle sees the unfinished exports of the other side.
const a = require('./lib/cycle_a');
console.log(a.done, a.sawB, a.late());
