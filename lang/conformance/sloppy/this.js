'use strict';
// What `this` is in code without the directive: always an object.
require('./lib/this.js');
