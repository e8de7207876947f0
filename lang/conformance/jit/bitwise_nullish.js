// Bitwise operators take undefined and null for 0.
'use strict';
function mix(words, i) {
  let h = 0x67452301;
  h = (h & words[i]) | (words[i + 1] ^ (h >>> 3));
  h |= words[i + 2] << 5;
  return ~words[i + 3] + (h >> words[i + 4]);
}
let acc = 0;
for (let k = 0; k < 9000; k++) acc = (acc + mix([k, 3000000000, -1.5, 7, k & 31], k % 6)) | 0;
console.log(acc);
function or(table, i, bits) { table[i >> 5] |= 1 << (i & 31); return table[i >> 5] & bits; }
let set = 0;
for (let k = 0; k < 3000; k++) set = (set + or([], k, -1) + or([null, 5], k & 63, 255)) | 0;
console.log(set, or([null], 3, null), or(['12'], 0, -1), or([{ valueOf() { return 64; } }], 0, -1), or([true], 1, -1));
