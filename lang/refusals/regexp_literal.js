'use strict';
// refuse: 3:13 regular expression
console.log(/a+/.test('caat'));
