'use strict';
// refuse: 3:1 setTimeout
setTimeout(() => console.log('x'), 0);
