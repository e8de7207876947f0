'use strict';
// ** is right associative and agrees with Math.pow.
console.log(2 ** 10, 2 ** 3 ** 2, (-2) ** 2, 2 ** -2, 10 ** 20, 10 ** 21, 10 ** -7, 7 ** 0, 0 ** -1, (-0) ** -1, (-1) ** 0.5);
console.log(Math.pow(2, 0.5), Math.pow(-1, Infinity), Math.pow(1.1, 10), 1.1 ** 10, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 1023, 2 ** 1024);
let x = 3;
x **= 3;
console.log(x, '3' ** '2', null ** 0, undefined ** 1);
