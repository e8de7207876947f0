'use strict';
// fromCharCode, code units and code points.
console.log(String.fromCharCode(72, 105), String.fromCharCode(), String.fromCharCode(65601), String.fromCharCode(0x65e5), String.fromCodePoint(128512));
let sum = 0;
const text = 'The sum of code units';
for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) | 0;
console.log(sum);
let rot = '';
for (let i = 0; i < text.length; i++) {
  const c = text.charCodeAt(i);
  if (c >= 97 && c <= 122) rot += String.fromCharCode((c - 97 + 13) % 26 + 97);
  else if (c >= 65 && c <= 90) rot += String.fromCharCode((c - 65 + 13) % 26 + 65);
  else rot += text[i];
}
console.log(rot);
console.log('abc'.codePointAt(1), 'abc'.codePointAt(9), 'ab'.charCodeAt(), 'ab'.charCodeAt('1'), 'ab'.charCodeAt(1.7));
