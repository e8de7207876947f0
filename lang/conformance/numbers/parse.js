'use strict';
// parseInt and parseFloat take the longest valid prefix.
const ints = ['42', ' 42abc', '0x1F', '-17.9', '', 'abc', '1e3', '012', '+5', '99999999999999999999', '-0x10', '0b1'];
for (const s of ints) console.log(JSON.stringify(s), parseInt(s), parseInt(s, 10), parseInt(s, 16), parseInt(s, 2));
const floats = ['3.14', '3.14abc', '.5', '-.5e-2x', '1e1000', 'Infinityx', '', '-', '1.2.3', '0x10', '  7  ', '5.'];
for (const s of floats) console.log(JSON.stringify(s), parseFloat(s), Number(s));
console.log(parseInt(0.0000005), parseInt(null), parseInt('z', 36), parseInt('12', 1), parseInt('12', 37), parseInt(15.99), parseInt(-0));
console.log(Number(), Number(null), Number(undefined), Number(true), Number([]), Number([7]), Number([1, 2]), Number({}), Number('\n'), Number('12px'));
console.log(Number.parseInt === parseInt, Number.parseFloat === parseFloat);
