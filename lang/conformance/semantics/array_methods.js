'use strict';
// Each line prints the value of an expression, or what it throws; Node says what is right.
function show(v) {
  if (v === 0 && 1 / v < 0) return "-0";
  if (typeof v === "string") return JSON.stringify(v);
  if (typeof v === "function") return "fn:" + v.name + "/" + v.length;
  if (Array.isArray(v)) { var s = []; for (var i = 0; i < v.length && i < 50; i++) s.push(i in v ? show(v[i]) : "<hole>"); return "[" + s.join(",") + "]" + (v.length > 50 ? "..." : ""); }
  if (v instanceof Error) return "E:" + v.name + ":" + v.message;
  if (typeof v === "symbol") return "sym";
  if (v && typeof v === "object") { var r = []; var k = Object.getOwnPropertyNames(v); for (var i = 0; i < k.length; i++) { var d = Object.getOwnPropertyDescriptor(v, k[i]); r.push(k[i] + ":" + (d.get || d.set ? "acc(" + !!d.get + "," + !!d.set + ")" : show(d.value)) + (d.writable ? "w" : "") + (d.enumerable ? "e" : "") + (d.configurable ? "c" : "")); } return "{" + r.join(",") + "}"; }
  return String(v);
}
var _n = 0;
function t(f) { var r; _n++; try { r = show(f()); } catch (e) { r = "THROWS " + (e instanceof Error ? e.name + ": " + e.message : show(e)); } console.log(_n + " " + r + "    // " + f.toString().slice(0, 90).split("\n").join(" ")); }
// arrays: array-likes, coercion order, holes
var AL = function () { return { length: 3, 0: 'a', 2: 'c' }; };
var M = ['push', 'pop', 'shift', 'unshift', 'slice', 'splice', 'concat', 'join', 'reverse', 'indexOf', 'lastIndexOf', 'includes', 'fill', 'copyWithin', 'at', 'flat', 'with', 'toReversed', 'toSpliced', 'toString', 'forEach', 'map', 'filter', 'reduce', 'reduceRight', 'some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flatMap', 'sort', 'toSorted', 'keys', 'entries', 'values'];
M.forEach(function (m) {
  t(() => [m, Array.prototype[m].call(AL(), function (a, b) { return a === 'c'; }, 1)]);
  t(() => { var o = AL(); var r; try { r = Array.prototype[m].call(o, 1, 2, 3); } catch (e) { r = e; } return [m, r, o]; });
  t(() => { var o = AL(); var r; try { r = Array.prototype[m].call(o); } catch (e) { r = e; } return [m, r, o]; });
  t(() => [m, Array.prototype[m].call(null)]); t(() => [m, Array.prototype[m].call(undefined, 1)]); t(() => [m, Array.prototype[m].call(5, function () { })]); t(() => [m, Array.prototype[m].call('xyz', function (x) { return x; }, 0)]); t(() => [m, Array.prototype[m].call({ length: -5 }, function () { })]); t(() => [m, Array.prototype[m].call({ length: NaN }, 1)]); t(() => [m, Array.prototype[m].call({ length: '2', 0: 5, 1: 6 }, function (x) { return x > 5; }, 0)]); t(() => [m, Array.prototype[m].call({ get length() { throw 'len'; } }, 1)]);
  t(() => [m, [1, , 3][m](function (x) { return x; })]); t(() => [m, [3, 1, 2][m](5)]); t(() => [m, [3, 1, 2][m](undefined)]); t(() => [m, [3, 1, 2][m](null)]); t(() => [m, [3, 1, 2][m]('1')]); t(() => [m, [3, 1, 2][m](-1, NaN)]); t(() => [m, [3, 1, 2][m]({}, Infinity)]); t(() => [m, [][m](function () { return 1; })]); t(() => [m, [][m]()]); t(() => [m, [3, 1, 2][m](-Infinity, -2, 'q')]); t(() => [m, [3, 1, 2][m](1.9, 2.9)]); t(() => [m, [3, NaN, , undefined, null, 2][m](NaN)]); t(() => [m, [3, NaN, , undefined, null, 2][m]()]);
  t(() => { var l = []; var a0 = { valueOf() { l.push('0'); return 1; }, toString() { l.push('0s'); return '1'; } }, a1 = { valueOf() { l.push('1'); return 2; } }, a2 = { valueOf() { l.push('2'); return 3; } }; var o = { get length() { l.push('len'); return 4; }, set length(v) { l.push('setlen' + v); }, get 0() { l.push('g0'); return 'z'; }, set 0(v) { l.push('s0' + v); }, get 1() { l.push('g1'); return 'y'; }, set 1(v) { l.push('s1' + v); }, set 5(v) { } }; var r; try { r = Array.prototype[m].call(o, a0, a1, a2); r = typeof r; } catch (e) { r = e; } return [m, l, r]; });
  t(() => { var l = []; var r = [5, 6, , 8][m]((a, b, c, d) => { l.push([typeof a, typeof b, typeof c, typeof d]); return 0; }); return [m, l, typeof r]; });
  t(() => { var l = []; var r = [5, 6][m](function () { l.push(typeof this, arguments.length); return false; }, 'T'); return [m, l, typeof r]; });
  t(() => { var a = [1, 2, 3, 4, 5]; var n = 0; var r = a[m](function (x) { n++; if (n < 3) a.pop(); return x === 1; }); return [m, n, a, r === a ? 'same' : r]; });
  t(() => { var a = [1, 2, 3]; var n = 0; var r = a[m](function (x) { if (n++ < 10) a.push(9); return false; }); return [m, n, a.length, typeof r]; });
  t(() => { var a = Object.freeze([1, 2, 3]); var r = a[m](1, 2); return [m, r, a]; });
  t(() => { var r = new Array(5)[m](function () { return 1; }, 7); return [m, r]; });
});
