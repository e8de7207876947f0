'use strict';
// refuse: 3:15 Function
const f = new Function('return 1');
console.log(f());
