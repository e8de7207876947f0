'use strict';
// A hash of blocks of text: 32-bit additions, rotations and logic over small integer arrays.
const bench = require('./lib/harness').bench;

function rotate(x, n) {
  return (x << n) | (x >>> (32 - n));
}

function words(text) {
  const count = (((text.length + 8) >> 6) + 1) * 16;
  const out = new Array(count).fill(0);
  for (let i = 0; i < text.length; i++) out[i >> 2] |= (text.charCodeAt(i) & 255) << (24 - (i % 4) * 8);
  out[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
  out[count - 1] = text.length * 8;
  return out;
}

function mix(t, b, c, d) {
  if (t < 20) return (b & c) | (~b & d);
  if (t < 40) return b ^ c ^ d;
  if (t < 60) return (b & c) | (b & d) | (c & d);
  return b ^ c ^ d;
}

function constant(t) {
  return t < 20 ? 1518500249 : t < 40 ? 1859775393 : t < 60 ? -1894007588 : -899497514;
}

function sha1(text) {
  const block = words(text);
  const w = new Array(80).fill(0);
  let h0 = 1732584193;
  let h1 = -271733879;
  let h2 = -1732584194;
  let h3 = 271733878;
  let h4 = -1009589776;
  for (let start = 0; start < block.length; start += 16) {
    let a = h0;
    let b = h1;
    let c = h2;
    let d = h3;
    let e = h4;
    for (let t = 0; t < 80; t++) {
      w[t] = t < 16 ? block[start + t] : rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
      const next = (rotate(a, 5) + mix(t, b, c, d) + e + w[t] + constant(t)) | 0;
      e = d;
      d = c;
      c = rotate(b, 30);
      b = a;
      a = next;
    }
    h0 = (h0 + a) | 0;
    h1 = (h1 + b) | 0;
    h2 = (h2 + c) | 0;
    h3 = (h3 + d) | 0;
    h4 = (h4 + e) | 0;
  }
  return [h0, h1, h2, h3, h4].map((h) => (h >>> 0).toString(16).padStart(8, '0')).join('');
}

const TEXT = 'the storm petrel walks on water '.repeat(200);

bench(() => sha1(TEXT), '485853799e5dac67ad4da0401b6be6a86904422f');
