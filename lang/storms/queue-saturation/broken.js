'use strict';
// A load spike: from iteration 60 of 160 on, forty endpoints become hot at once. Their compiles queue up behind each other, and
// requests wait in the slow tiers until it is their turn.
//
//   node broken.js [ITERATIONS]
const iterations = Number(process.argv[2] || 160);
const spikeAt = iterations * 3 / 8;

function h00(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 0 + i & 255; return s; }
function h01(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 1 + i & 255; return s; }
function h02(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 2 + i & 255; return s; }
function h03(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 3 + i & 255; return s; }
function h04(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 4 + i & 255; return s; }
function h05(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 5 + i & 255; return s; }
function h06(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 6 + i & 255; return s; }
function h07(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 7 + i & 255; return s; }
function h08(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 8 + i & 255; return s; }
function h09(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 9 + i & 255; return s; }
function h10(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 10 + i & 255; return s; }
function h11(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 11 + i & 255; return s; }
function h12(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 12 + i & 255; return s; }
function h13(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 13 + i & 255; return s; }
function h14(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 14 + i & 255; return s; }
function h15(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 15 + i & 255; return s; }
function h16(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 16 + i & 255; return s; }
function h17(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 17 + i & 255; return s; }
function h18(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 18 + i & 255; return s; }
function h19(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 19 + i & 255; return s; }
function h20(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 20 + i & 255; return s; }
function h21(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 21 + i & 255; return s; }
function h22(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 22 + i & 255; return s; }
function h23(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 23 + i & 255; return s; }
function h24(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 24 + i & 255; return s; }
function h25(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 25 + i & 255; return s; }
function h26(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 26 + i & 255; return s; }
function h27(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 27 + i & 255; return s; }
function h28(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 28 + i & 255; return s; }
function h29(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 29 + i & 255; return s; }
function h30(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 30 + i & 255; return s; }
function h31(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 31 + i & 255; return s; }
function h32(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 32 + i & 255; return s; }
function h33(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 33 + i & 255; return s; }
function h34(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 34 + i & 255; return s; }
function h35(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 35 + i & 255; return s; }
function h36(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 36 + i & 255; return s; }
function h37(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 37 + i & 255; return s; }
function h38(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 38 + i & 255; return s; }
function h39(x) { let s = x; for (let i = 0; i < 20; i++) s += x * 31 + 39 + i & 255; return s; }
const endpoints = [
  h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17,
  h18, h19, h20, h21, h22, h23, h24, h25, h26, h27, h28, h29, h30, h31, h32, h33, h34, h35,
  h36, h37, h38, h39,
];

function request(k, times) {
  let sum = 0;
  for (let i = 0; i < times; i++) sum += endpoints[k](i);
  return sum;
}

function spike(times) {
  let sum = 0;
  for (let k = 1; k < 40; k++) sum = (sum + request(k, times)) % 1000003;
  return sum;
}

const rehearsed = spike(1);
let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  total = (total + (n < spikeAt ? request(0, 500) : spike(60))) % 1000003;
}
console.log('answered', total, 'after', iterations, 'iterations');
