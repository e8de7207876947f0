'use strict';
// refuse: 3:15 Proxy
const p = new Proxy({}, {});
console.log(p);
