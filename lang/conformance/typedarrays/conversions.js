'use strict';
// What is stored and read back, for numbers at all the edges, through every kind of access.
const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
const numbers = [0, -0, 1, -1, 0.5, 1.5, 2.5, -0.5, 127, 128, 129, 254.5, 255, 255.5, 256, -128, -129, 32767, 32768, 65535, 65536, -32769,
  2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 4294967297, 1e10, -1e10, 1e20, -1e20, 1e300, 2 ** 53, -(2 ** 53),
  NaN, Infinity, -Infinity, 0.1, 16777217, 3.4028234663852886e38, 3.4028235677973366e38, 1e-45, 5e-324, Number.MIN_VALUE, Number.MAX_VALUE];
function show(x) { return Object.is(x, -0) ? '-0' : String(x); }
function write(array, i, v) { array[i] = v; return array[i]; }
for (const K of kinds) {
  const a = new K(1);
  console.log(K.name, numbers.map(n => { a[0] = n; return show(a[0]); }).join(' '));
  console.log(numbers.map(n => show(write(a, 0, n))).join(' ') === numbers.map(n => show(K.of(n)[0])).join(' '));
  console.log(numbers.map(n => show(new K(2).fill(n)[1])).join(' ') === numbers.map(n => show(new K([n])[0])).join(' '));
  for (const v of ['12', 'x', '', null, undefined, true, [], [3], [1, 2], {}, { valueOf() { return 7.9; } }, new Date(5)]) {
    a[0] = v;
    process.stdout.write(show(a[0]) + ' ');
  }
  console.log();
}
// All rounding of halves, and every float32 neighbour.
const c = new Uint8ClampedArray(1);
let line = '';
for (let x = -1; x < 5; x += 0.25) { c[0] = x; line += c[0] + ','; }
for (let x = 253; x < 258; x += 0.25) { c[0] = x; line += c[0] + ','; }
console.log(line);
// Bits shared between views.
const buffer = new ArrayBuffer(16);
const bytes = new Uint8Array(buffer), floats = new Float32Array(buffer), doubles = new Float64Array(buffer), words = new Uint32Array(buffer), ints = new Int32Array(buffer);
doubles[0] = Math.PI;
console.log([...bytes], [...words], floats[0]);
words[0] = 0xFFFFFFFF; words[1] = 0xFFFFFFFF;
console.log(doubles[0], floats[0], ints[0], words[0]);
words[1] = 0x7FF80000;
console.log(doubles[0], [doubles[0]], { x: floats[1] });
for (const high of [0xFFF80000, 0xFFFE0001, 0xFFFFFFFF, 0x7FF00001, 0x7FF4DEAD, 0, 0x80000000]) {
  words[1] = high; words[0] = 0xDEADDEAD;
  const d = doubles[0], f = floats[1];
  const list = [1.5]; list.push(d); list.push(f);
  console.log(d, d + 1, typeof d, f, list, list.length, 1 in list, isNaN(d));
}
// Writing past the end and odd keys.
const a = new Int16Array(2);
a[2] = 5; a[-1] = 6; a['1.5'] = 7; a['-0'] = 8; a['Infinity'] = 9; a['01'] = 10; a.x = 11; a['1'] = '12'; a[1e10] = 3; a['NaN'] = 1; a['+1'] = 2; a['1e3'] = 4;
console.log(a, a[2], a[-1], a['1.5'], a['-0'], a['01'], Object.keys(a), 2 in a, 1 in a, -1 in a, '-0' in a, '01' in a, delete a[5], delete a['-1']);
try { delete a[0]; } catch (e) { console.log(e.message); }
for (const [key, d] of [['0', { value: 5 }], ['9', { value: 1 }], ['0', { value: 1, writable: false }], ['0', { get() {} }], ['-0', { value: 1 }], ['1', { value: 3, configurable: true, enumerable: true, writable: true }]]) {
  try { Object.defineProperty(a, key, d); console.log(key, a); } catch (e) { console.log(key, e.name, e.message); }
}
console.log(Object.getOwnPropertyDescriptor(a, 0), Object.getOwnPropertyDescriptor(a, 7), Object.getOwnPropertyNames(a));
try { Object.freeze(a); } catch (e) { console.log(e.message); }
console.log(Object.isFrozen(a), Object.isSealed(Object.seal(new Int8Array(0))), Object.freeze(new Int8Array(0)), Object.isExtensible(Object.preventExtensions(a)));
