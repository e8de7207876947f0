'use strict';
exports.done = false;
const b = require('./cycle_b');
exports.sawB = b.done;
exports.late = () => b.sawA;
exports.done = true;
