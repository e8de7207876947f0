'use strict';
// refuse: 3:17 Intl
console.log(new Intl.NumberFormat('en').format(1));
