// In sloppy functions with plain parameters, arguments and parameters are the same variables.
function show(...x) { console.log(...x); }
function a(x, y) { x = 5; return arguments[0] + ':' + arguments.length; }
show(a(1), a(), a(1, 2, 3));
function b(x, y) { arguments[0] = 'n'; arguments[1] = 'm'; return [x, y]; }
show(b(1), b(), b(1, 2), b(1,2,3));
function c(x) { for (var i = 1; i < arguments.length; i++) { if (x >= arguments[i]) return false; x = arguments[i]; } return [x, arguments[0]]; }
show(c(1, 2, 3), c(3, 2));
function store(o, i, v) { o[i] = v; }
function d(x, y) { store(arguments, 0, 'stored'); y = 7; return [x, y, arguments[0], arguments[1], arguments]; }
show(d(1), d(1, 2), d());
function e(x) { (function () { x = 'inner'; })(); return arguments[0]; }
show(e(1), e());
function f(x) { const g = () => { arguments[0] = 'arrow'; }; g(); return x; }
show(f(1), f());
function g(x) { var x = 3; return arguments[0]; }
show(g(1), g());
function h(x) { function x() {} return typeof arguments[0]; }
show(h(1), h());
function i(x, y) { delete arguments[0]; x = 9; arguments[0] = 8; return [x, arguments[0]]; }
show(i(1, 2));
function j(x, y) { Object.freeze(arguments); x = 9; return [x, arguments[0]]; }
show(j(1, 2));
function k(x, y) { Object.defineProperty(arguments, '0', { value: 3 }); var r = [x]; Object.defineProperty(arguments, '0', { writable: false, value: 4 }); r.push(x); x = 10; r.push(arguments[0]); return r; }
show(k(1, 2));
function l(x, y) { Object.defineProperty(arguments, '0', { get() { return 'got'; } }); x = 10; return [x, arguments[0], y]; }
show(l(1, 2));
function m(x, y) { [].shift.call(arguments); return [x, y, arguments.length, arguments[0], arguments[1]]; }
show(m(1, 2, 3), m(1, 2));
function n(x, y) { [arguments[0], y] = ['p', 'q']; return [x, arguments[1]]; }
show(n(1, 2), n(1));
function o(x) { for (arguments[0] of [1, 2]) show(x); for (x in { z: 1 }) show(arguments[0]); }
o(0);
function p(x) { x++; ++x; x += 2; x ||= 1; x **= 2; return arguments[0]; }
show(p(1), p());
function q(x) { try { throw 1 } catch (e) { x = e; } return arguments[0] }
show(q(4));
function r(x) { arguments.length = 0; x = 3; return arguments[0]; }
show(r(1));
function s(a, b, c) { a = b; b = c; c = a; return Array.prototype.slice.call(arguments).join(); }
show(s(1, 2, 3), s(1, 2), s(1), s());
function t(a) { a = a || {}; a.k = arguments.length; return a; }
show(t(), t({ z: 1 }));
function u(n) { if (n > 0) { n--; return u.apply(this, arguments); } return arguments[0]; }
show(u(5));
function v(x) { return function () { return [x, x = 2]; } }
show(v(1)());
function w(x) { const inner = function (y) { y = x; x = arguments[0] + 1; return [x, y]; }; return [inner(1), x, arguments[0], arguments]; }
show(w('a'));
function x1(o) { with1(arguments); return o; } function with1(l) { l[0]++; l[1] = 2; l.length = 5; }
show(x1(1));
