'use strict';
// syntax: 5
function f() {
  console.log('never');
