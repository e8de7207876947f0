'use strict';
// refuse: 3:13 Reflect
console.log(Reflect.ownKeys({ a: 1 }));
