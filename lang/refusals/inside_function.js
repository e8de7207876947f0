'use strict';
// refuse: 4:10 generator
function never() {
  return function* () {};
}
console.log('must not be printed');
