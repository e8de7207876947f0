'use strict';
// A rule engine whose rules were generated, one function each. The code cache is small and is not flushed: once it is full,
// the compiler is disabled, and what becomes hot afterwards stays slow.
//
//   node fixed.js [ITERATIONS]
const iterations = Number(process.argv[2] || 300);
const reportsAt = iterations / 5;

function h00(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 0 + i) % 65521; return s; }
function h01(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 1 + i) % 65521; return s; }
function h02(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 2 + i) % 65521; return s; }
function h03(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 3 + i) % 65521; return s; }
function h04(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 4 + i) % 65521; return s; }
function h05(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 5 + i) % 65521; return s; }
function h06(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 6 + i) % 65521; return s; }
function h07(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 7 + i) % 65521; return s; }
function h08(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 8 + i) % 65521; return s; }
function h09(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 9 + i) % 65521; return s; }
function h10(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 10 + i) % 65521; return s; }
function h11(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 11 + i) % 65521; return s; }
function h12(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 12 + i) % 65521; return s; }
function h13(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 13 + i) % 65521; return s; }
function h14(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 14 + i) % 65521; return s; }
function h15(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 15 + i) % 65521; return s; }
function h16(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 16 + i) % 65521; return s; }
function h17(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 17 + i) % 65521; return s; }
function h18(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 18 + i) % 65521; return s; }
function h19(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 19 + i) % 65521; return s; }
function h20(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 20 + i) % 65521; return s; }
function h21(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 21 + i) % 65521; return s; }
function h22(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 22 + i) % 65521; return s; }
function h23(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 23 + i) % 65521; return s; }
function h24(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 24 + i) % 65521; return s; }
function h25(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 25 + i) % 65521; return s; }
function h26(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 26 + i) % 65521; return s; }
function h27(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 27 + i) % 65521; return s; }
function h28(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 28 + i) % 65521; return s; }
function h29(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 29 + i) % 65521; return s; }
function h30(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 30 + i) % 65521; return s; }
function h31(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 31 + i) % 65521; return s; }
function h32(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 32 + i) % 65521; return s; }
function h33(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 33 + i) % 65521; return s; }
function h34(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 34 + i) % 65521; return s; }
function h35(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 35 + i) % 65521; return s; }
function h36(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 36 + i) % 65521; return s; }
function h37(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 37 + i) % 65521; return s; }
function h38(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 38 + i) % 65521; return s; }
function h39(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 39 + i) % 65521; return s; }
function h40(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 40 + i) % 65521; return s; }
function h41(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 41 + i) % 65521; return s; }
function h42(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 42 + i) % 65521; return s; }
function h43(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 43 + i) % 65521; return s; }
function h44(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 44 + i) % 65521; return s; }
function h45(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 45 + i) % 65521; return s; }
function h46(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 46 + i) % 65521; return s; }
function h47(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 47 + i) % 65521; return s; }
function h48(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 48 + i) % 65521; return s; }
function h49(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 49 + i) % 65521; return s; }
function h50(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 50 + i) % 65521; return s; }
function h51(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 51 + i) % 65521; return s; }
function h52(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 52 + i) % 65521; return s; }
function h53(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 53 + i) % 65521; return s; }
function h54(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 54 + i) % 65521; return s; }
function h55(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 55 + i) % 65521; return s; }
function h56(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 56 + i) % 65521; return s; }
function h57(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 57 + i) % 65521; return s; }
function h58(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 58 + i) % 65521; return s; }
function h59(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 59 + i) % 65521; return s; }
function h60(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 60 + i) % 65521; return s; }
function h61(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 61 + i) % 65521; return s; }
function h62(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 62 + i) % 65521; return s; }
function h63(x) { let s = x; for (let i = 0; i < 20; i++) s = (s * 31 + 63 + i) % 65521; return s; }
const rules = [
  h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17,
  h18, h19, h20, h21, h22, h23, h24, h25, h26, h27, h28, h29, h30, h31, h32, h33, h34, h35,
  h36, h37, h38, h39, h40, h41, h42, h43, h44, h45, h46, h47, h48, h49, h50, h51, h52, h53,
  h54, h55, h56, h57, h58, h59, h60, h61, h62, h63,
];

function shared(k, x) {
  let s = x;
  for (let i = 0; i < 20; i++) s = (s * 31 + k + i) % 65521;
  return s;
}

const rule = (k, x) => shared(k, x);

function round(n) {
  let sum = 0;
  for (let k = 0; k < 64; k++) for (let i = 0; i < 60; i++) sum = (sum + rule(k, n + i)) % 1000003;
  return sum;
}

function report(n) {
  let sum = 0;
  for (let i = 0; i < 20000; i++) sum += (i ^ n) & 1023;
  return sum;
}

let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  total = (total + (n < reportsAt ? round(n) : report(n))) % 1000003;
}
console.log('rules fired', total, 'after', iterations, 'iterations');
