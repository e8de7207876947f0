'use strict';
// refuse: 3:13 BigInt
console.log(10n * 2n);
