'use strict';
// refuse: 4:3 async
class A {
  async m() {}
}
console.log('must not be printed');
