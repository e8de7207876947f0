'use strict';
// Concatenation, digits and conversions in loops that are compiled: ropes around their shortest length, empty and two-byte
// parts, texts that are no numbers, arrays whose elements move as they grow.
function pieces(parts, times) {
  let out = '';
  for (let i = 0; i < times; i++) out += parts[i % parts.length];
  return out;
}
function checksum(text) {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) | 0;
  return text.length + ':' + sum;
}
const sets = [['a'], ['', 'b'], ['', ''], ['ab', '\u00e9', ''], ['x', '\u2603'], ['\ud83d', '\ude00', 'y'], ['0123456789abcdefghijklmn', '\u4e2d']];
for (let round = 0; round < 4; round++) {
  for (const set of sets) console.log(JSON.stringify(set), checksum(pieces(set, 20 + round * 150)));
}
// Lengths around the shortest rope, from both sides.
function join(a, b) {
  return a + b;
}
for (let round = 0; round < 200; round++) {
  for (let n = 20; n < 28; n++) {
    const left = 'l'.repeat(n - 3), right = round % 3 ? 'rrr' : '\u0416\u0416\u0416';
    const both = join(left, right);
    if (both.length !== n || both[n - 1] !== right[2] || both[0] !== 'l' || join(right, left)[0] !== right[0]) {
      throw new Error('wrong at ' + n);
    }
    if (join(join(both, both), '') !== both + both) throw new Error('wrong twice at ' + n);
  }
}
// Digits: small, large, negative, fractions, and the text on either side.
function label(n) {
  return 'n' + n + '|' + (n + 'm') + `<${n}>`;
}
const numbers = [0, 7, 1023, 1024, -1, 2147483647, -2147483648, 1.5, -0, 1e21, NaN, Infinity];
for (let i = 0; i < 600; i++) label(i & 2047);
console.log(numbers.map(label).join(' '));
for (let i = 0; i < 600; i++) label(numbers[i % numbers.length]);
console.log(numbers.map(label).join(' '));
// Number of texts, of what is no text, and of nothing.
function total(texts) {
  let sum = 0;
  for (let i = 0; i < texts.length; i++) sum += Number(texts[i]);
  return sum;
}
const digits = 'a1b2c3'.replace(/[a-z]/g, '').split('');
for (let i = 0; i < 600; i++) total(digits);
console.log(total(digits), total(['0x10', ' 12 ', '1e3', '']), total(['x']), total([true, null, '4']), total([[5], { valueOf: () => 6 }]));
console.log(Number(), Number(undefined), Number('12px'), Number('-0'), Object.is(Number('-0'), -0));
try {
  total([Symbol('s')]);
} catch (e) {
  console.log(e.message);
}
console.log(+'17' + +'0b101', typeof Number('3'), new Number('3') + 1);
// Short arrays of a length that only the running code knows; then they grow past a large cell and go on being read.
function holes(n) {
  return new Array(n);
}
let kept = [];
for (let i = 0; i < 2000; i++) {
  const a = holes((i % 18) + 1);
  for (let j = 0; j < a.length; j++) if (a[j] !== undefined || j in a) throw new Error('not a hole at ' + j);
  a[i % a.length] = i;
  kept.push(a);
  if (kept.length > 300) kept = kept.slice(150);
}
console.log(kept.map((a) => a.filter((x) => x !== undefined).length).reduce((x, y) => x + y), kept[7].length);
function grow(n, make) {
  const a = [];
  let sum = 0;
  for (let i = 0; i < n; i++) {
    a.push(make(i));
    if (i % 1000 === 0) sum += a[i >> 1] + a[0] + a.length;
  }
  return sum + a[n - 1];
}
console.log(grow(30000, (i) => i), grow(30000, (i) => i + 0.5), grow(9000, (i) => 's' + i).length);
