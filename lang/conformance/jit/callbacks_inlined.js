'use strict';
// Array methods with callbacks, hot: inlined with their callbacks, and left in the middle in every way.
function run(times, f, ...args) {
  let r;
  for (let i = 0; i < times; i++) r = f(...args);
  return r;
}
const ints = [];
for (let i = 0; i < 45; i++) ints.push(i);
const doubles = ints.map((x) => x + 0.5);
const names = ints.map((x) => 'n' + x);
const HOT = 500;

// Every method over each kind, with captured variables and all arguments.
function each(a) { let n = 0; a.forEach(function (x, i, all) { n += i + all.length; if (x === a[3]) n += 1000; }); return n; }
function mapped(a) { return a.map((x) => x + 1); }
function doubled(a) { return a.map((x) => x * 1.5); }
function kept(a) { return a.filter((x, i) => i % 3 === 1); }
function sum(a) { return a.reduce((s, x) => s + x, 0); }
function text(a) { return a.reduceRight((s, x) => s + x, ''); }
function any(a) { return a.some((x) => x === a[40]); }
function all(a) { return a.every((x) => x !== null); }
function first(a) { return a.find((x) => x === a[7]); }
function firstIndex(a) { return a.findIndex((x) => x === a[7]); }
function last(a) { return a.findLast((x) => x === a[7]); }
function lastIndex(a) { return a.findLastIndex((x) => x === a[7]); }
function none(a) { return [a.find((x) => x === 'no'), a.findIndex((x) => x === 'no'), a.findLast((x) => x === 'no'), a.findLastIndex((x) => x === 'no')]; }
for (const a of [ints, doubles, names]) {
  for (const f of [each, mapped, kept, sum, text, any, all, first, firstIndex, last, lastIndex, none]) {
    console.log(f.name, String(run(HOT, f, a)).slice(0, 60));
  }
}
console.log(String(run(HOT, doubled, ints)).slice(0, 60));

// Holes, before and after the code was compiled without them.
const holey = [1, , 3, undefined, , 6];
function seen(a) { const s = []; a.forEach((x, i) => s.push(i + ':' + x)); return s.join(); }
console.log(run(HOT, seen, [1, 2, 3]), seen(holey), run(HOT, seen, holey));
function copied(a) { return a.map((x) => x); }
console.log(run(HOT, copied, [1, 2, 3]), copied(holey), run(HOT, copied, holey));
function found(a) { return a.findIndex((x) => x === undefined); }
console.log(run(HOT, found, [1, 2, 3]), found(holey), run(HOT, found, holey));
console.log(run(HOT, (a) => a.reduce((s, x) => s + '|' + x, ''), holey));

// A filled array that began with holes.
function filled(n) { const a = new Array(n); for (let i = 0; i < n; i++) a[i] = i * i; return a.filter((x) => x % 2).length; }
console.log(run(HOT, filled, 40));

// Callbacks that change the array.
function shrinking(n) { const a = []; for (let i = 0; i < n; i++) a.push(i); let c = 0; a.forEach((x, i) => { c += x; if (i === 5) a.length = 7; }); return c; }
console.log(run(HOT, shrinking, 20));
function growing(n) { const a = []; for (let i = 0; i < n; i++) a.push(i); let c = 0; a.forEach((x) => { c++; a.push(x); }); return c + a.length; }
console.log(run(HOT, growing, 20));
function widening(n) { const a = []; for (let i = 0; i < n; i++) a.push(i); let c = ''; a.forEach((x, i) => { c += x; if (i === 2) a[4] = 'w'; if (i === 6) a[8] = 1.5; }); return c; }
console.log(run(HOT, widening, 12));
function deleting(n) { const a = []; for (let i = 0; i < n; i++) a.push(i); let c = ''; a.forEach((x, i) => { c += x; if (i === 1) delete a[3]; }); return c; }
console.log(run(HOT, deleting, 8));
function popping(n) { const a = []; for (let i = 0; i < n; i++) a.push(i); const r = a.find((x, i) => { if (i === 2) { a.pop(); a.pop(); a.pop(); } return x === undefined; }); return [r, a.length]; }
console.log(run(HOT, popping, 8));

// Results whose kind turns out wrong late.
function late(k) { return ints.map((x) => (x === k ? 'late' : x)); }
console.log(run(HOT, late, -1).length, late(30)[30], run(HOT, late, 30)[31]);
function big(k) { return ints.map((x) => x * k); }
console.log(run(HOT, big, 3)[44], big(1e9)[44], big(0.5)[44], run(HOT, big, 1e9)[2]);

// thisArg, in strict and sloppy callbacks, arrows, bound functions, natives.
const sloppy = Function.prototype.call.bind(require('./lib/sloppy_this.js').value);
function withThis(t) { let s = 0; ints.forEach(function (x) { s += this.k * x; }, t); return s; }
console.log(run(HOT, withThis, { k: 2 }), withThis({ k: 0.5 }));
console.log(run(HOT, () => [1, 2].map(require('./lib/sloppy_this.js').type, 5)), sloppy(7));
console.log(run(HOT, () => ['1', '22', '333'].map(Number)));
console.log(run(HOT, () => [1, 2, 3].map(((a, b) => a * b).bind(null, 3))));

// What is no function, what is no array.
function bad(a, f) { try { return a.map(f); } catch (e) { return e.message; } }
console.log(run(HOT, bad, [1], (x) => x), bad([1], 5), bad([1], undefined), bad({ map: [].map, length: 1, 0: 9 }, (x) => x + 1));
class Mine extends Array {}
function mine(a) { return a.map((x) => x) instanceof Mine; }
console.log(run(HOT, mine, [1, 2]), mine(Mine.of(1, 2)), run(HOT, mine, Mine.of(1, 2)));
function own(a) { return Array.isArray(a.map((x) => x)); }
const odd = [1, 2];
odd.constructor = { [Symbol.iterator]: 0 };
console.log(run(HOT, own, [1, 2]), own(odd));

// Exceptions out of callbacks, caught around and inside.
function thrower(k) {
  let n = 0;
  try { ints.forEach((x) => { n++; if (x === k) throw new Error('at ' + x); }); } catch (e) { return e.message + n; }
  return n;
}
console.log(run(HOT, thrower, -1), thrower(9), run(HOT, thrower, 9));
function inner(k) { let c = 0; ints.forEach((x) => { try { if (x % k === 0) throw x; } catch (e) { c += e; } }); return c; }
console.log(run(HOT, inner, 3));

// Nested.
function table(n) { const rows = ints.slice(0, n); return rows.map((i) => rows.reduce((s, j) => s + i * j, 0)).filter((x) => x % 2 === 0).length; }
console.log(run(HOT, table, 9));

// Replaced afterwards.
const before = each(ints);
const real = Array.prototype.forEach;
Array.prototype.forEach = function (f) { real.call(this, (x) => f(x, 0, [])); };
console.log(before, each(ints));
Array.prototype.forEach = real;
console.log(each(ints));
Array.prototype[1] = 'proto';
console.log(run(HOT, seen, [1, 2, 3]), seen(holey));
delete Array.prototype[1];
console.log(seen(holey));
