'use strict';
// refuse: 4:13 tagged template
const tag = (s) => s[0];
console.log(tag`x`);
