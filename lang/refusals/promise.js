'use strict';
// refuse: 3:1 Promise
Promise.resolve(1).then((v) => console.log(v));
