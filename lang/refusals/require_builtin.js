'use strict';
// refuse: 3 require
const http = require('http');
console.log(http);
