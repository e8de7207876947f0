// A function in a block assigns the variable of the same name around it where its declaration stands.
function f(){return 1} { function f(){return 2} } console.log(f());
var g = 1; { function g(){return 2} } console.log(typeof g);
function h(p) { { function p(){ return 2 } } return typeof p; } console.log(h(1));
function k() { var r = []; r.push(typeof z); { r.push(typeof z); function z() {} } r.push(typeof z); function z2(){return 1} if (1) { function z2(){return 2} } r.push(z2()); return r; } console.log(k());
function m() { let q = 1; { function q() {} } return typeof q; } console.log(m());
function n() { function a(){return 1} try { throw 1 } catch (e) { function a(){return 2} } return a(); } console.log(n());
function o(i) { function a(){return 1} switch (i) { case 1: function a(){return 2} } return a(); } console.log(o(0), o(1));
function p() { { function b(){return 1} } { function b(){return 2} } return b(); } console.log(p());
function q() { function a(){return 1} function inner() { return a(); } { function a(){return 2} } return [inner(), a()]; } console.log(q());
(function () {
  function a() { var v = 1; for (var i = 0; i < 3; i++) { if (i === 1) { function v() { return i; } } } return typeof v; } console.log(a());
  function b() { function f() { return 'outer'; } var g = function () { return f(); }; var r = [g()]; { r.push(g()); function f() { return 'block'; } r.push(g()); } r.push(g()); return r; } console.log(b());
  function c(f) { { function f() {} } return typeof f; } console.log(c(1), c());
  function d() { 'use strict'; function f() { return 1; } { function f() { return 2; } } return f(); } console.log(d());
  function e() { var f = 1; { let f = 2; { function f() {} } } return typeof f; } console.log(e());
  function g() { try { throw 1; } catch (f) { { function f() { return 3; } } } return typeof f; } console.log(g());
  function h() { var f = 1; try { throw 2; } catch (f) { { function f() { return 3; } } } return typeof f; } console.log(h());
  function j(n) { function t() { return 'first'; } switch (n) { case 0: function t() { return 'second'; } break; default: } return t(); } console.log(j(0), j(1));
  function k() { var z; if (false) { function z() {} } return typeof z; } console.log(k());
  var l = 1; if (l) { function l() { return 4; } } console.log(typeof l);
  var m = (function n() { var x = typeof n; { function n() {} } return x; })(); console.log(m.length > 0);
  (function () { var count = 0; function bump() { count++; } for (var i = 0; i < 2000; i++) { bump(); { function bump() { count += 2; } } } console.log(count); })();
})();
