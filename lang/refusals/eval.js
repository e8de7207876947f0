'use strict';
// refuse: 3:13 eval
console.log(eval('1 + 1'));
