'use strict';
// refuse: 3 require
const fs = require('fs');
console.log(fs);
