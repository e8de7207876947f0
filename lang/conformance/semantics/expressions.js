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

// --- ToPrimitive order, operators
var log = [];
function P(n, v, s) { return { valueOf: function () { log.push(n + '.v'); return v; }, toString: function () { log.push(n + '.s'); return s; } }; }
function L(f) { log = []; var r; try { r = f(); } catch (e) { r = e; } return [r, log.join()]; }
t(() => L(() => P('a', 1, 'x') + P('b', 2, 'y')));
t(() => L(() => P('a', 1, 'x') - P('b', 2, 'y')));
t(() => L(() => P('a', 1, 'x') < P('b', 2, 'y')));
t(() => L(() => P('a', 1, 'x') > P('b', 2, 'y')));
t(() => L(() => P('a', 1, 'x') <= P('b', 2, 'y')));
t(() => L(() => P('a', {}, 'x') >= P('b', {}, 'y')));
t(() => L(() => P('a', {}, {}) + 1));
t(() => L(() => `${P('a', 1, 'x')}`));
t(() => L(() => P('a', 1, 'x') + ''));
t(() => L(() => String(P('a', 1, 'x'))));
t(() => L(() => ({})[P('a', 1, 'x')]));
t(() => L(() => P('a', 1, 'x') == 1));
t(() => L(() => 'x' == P('a', 'x', 'y')));
t(() => L(() => P('a', 1, 'x') == P('b', 1, 'x')));
t(() => L(() => P('a', 1, 'x') ** P('b', 3, 'x')));
t(() => L(() => P('a', 1, 'x') << P('b', 3, 'x')));
t(() => L(() => P('a', 1, 'x') >>> P('b', 3, 'x')));
t(() => L(() => P('a', 7, 'x') % P('b', 3, 'x')));
t(() => L(() => -P('a', 1, 'x')));
t(() => L(() => +P('a', '12', 'x')));
t(() => L(() => ~P('a', '12', 'x')));
t(() => L(() => { var o = { p: P('a', 5, 'x') }; return [o.p++, o.p]; }));
t(() => L(() => { var o = { p: P('a', '5', 'x') }; return [--o.p, o.p]; }));
t(() => L(() => { var o = { get p() { log.push('get'); return 5; }, set p(v) { log.push('set' + v); } }; return [o.p++, ++o.p, o.p += 3, o.p ||= 9, o.p &&= 9, o.p ??= 1]; }));
t(() => L(() => { function k() { log.push('k'); return { toString() { log.push('ks'); return 'q'; } }; } function o() { log.push('o'); return { get q() { log.push('get'); return 1; }, set q(v) { log.push('set' + v); } }; } function v() { log.push('v'); return 3; } return o()[k()] += v(); }));
t(() => L(() => { function k() { log.push('k'); return { toString() { log.push('ks'); return 'q'; } }; } function o() { log.push('o'); return {}; } function v() { log.push('v'); return 3; } return o()[k()] = v(); }));
t(() => L(() => { function k() { log.push('k'); return { toString() { log.push('ks'); return 'q'; } }; } return undefined[k()]; }));
t(() => L(() => { var u; function v() { log.push('v'); return 3; } u.x = v(); }));
t(() => L(() => { var u = null; function v() { log.push('v'); return 3; } u[log.push('k')] = v(); }));
t(() => L(() => { var u = null; u.f(log.push('a')); }));
t(() => L(() => { var u = {}; u.f(log.push('a')); }));
t(() => L(() => { var u = {}; u.f.g(log.push('a')); }));
t(() => L(() => { var u = { f: 1 }; new u.f(log.push('a')); }));
t(() => L(() => { ({ [(log.push('k1'), 'a')]: log.push('v1'), [(log.push('k2'), 'b')]: log.push('v2') }); }));
t(() => L(() => { class A { [(log.push('k1'), 'a')] = log.push('v1'); static [(log.push('k2'), 'b')] = log.push('v2'); [(log.push('k3'), 'c')]() { } static { log.push('blk'); } static x = log.push('x'); } log.push('made'); new A; }));
// in / instanceof / typeof / delete
t(() => 'a' in 'abc'); t(() => 1 in 5); t(() => 0 in [1]); t(() => '0' in [1]); t(() => 1 in [1]); t(() => 'length' in []); t(() => 'toString' in {});
t(() => ({}) instanceof 5); t(() => ({}) instanceof {}); t(() => ({}) instanceof (() => 1)); t(() => 5 instanceof Number); t(() => new Number(5) instanceof Number);
t(() => { function F() { } F.prototype = 3; return ({}) instanceof F; });
t(() => { function F() { } F.prototype = 3; return 3 instanceof F; });
t(() => { function F() { } var B = F.bind(); return [new F instanceof B, new B instanceof F, new B instanceof B, 'prototype' in B]; });
t(() => Object.create(null) instanceof Object);
t(() => [typeof null, typeof undefined, typeof 1, typeof '', typeof true, typeof {}, typeof [], typeof function () { }, typeof class { }, typeof (() => 1), typeof Math, typeof JSON, typeof notDeclaredAnywhere, typeof new String('')]);
t(() => { var o = { a: 1 }; return [delete o.a, delete o.b, 'a' in o]; });
t(() => { var o = Object.freeze({ a: 1 }); return delete o.a; });
t(() => { var o = [1, 2, 3]; return [delete o[1], o, delete o[5]]; });
t(() => delete [].length);
t(() => delete 'abc'.length); t(() => delete 'abc'[1]); t(() => delete 'abc'[9]); t(() => delete (5).x); t(() => delete null.x); t(() => delete undefined[0]);
t(() => delete Math.PI); t(() => delete (function () { }).prototype); t(() => delete (function () { }).name); t(() => delete (() => 1).length);
t(() => (void 0)); t(() => void 'x'); t(() => (1, 2, 3)); t(() => { var a = (1, [2, 3]); return a; });
// exponent
t(() => [2 ** 3 ** 2, (-2) ** 2, 2 ** -1, NaN ** 0, 1 ** Infinity, (-8) ** (1 / 3), 0 ** -1, (-0) ** -1, (-0) ** -2, (-0) ** 3, 10 ** 308, 10 ** 309, 2 ** 1023, 2 ** 1024, 2 ** -1074, 2 ** -1075]);
t(() => { var a = 2; a **= 3; a **= 2; return a; });
// shifts, ints
t(() => [1 << 31, 1 << 32, 1 << 33, -1 >>> 0, -1 >>> 31, -1 >> 31, 4294967296 | 0, 4294967295 | 0, 2147483648 | 0, -2147483649 | 0, 1e21 | 0, NaN | 0, Infinity | 0, -Infinity >>> 0, 1.9 | 0, -1.9 | 0, 5 & -2, 5 ^ -2, ~5.5, ~~-0, '0x10' | 0, '1e3' | 0, '' | 0, 'z' | 0, null | 0, undefined | 0, true | 0, [5] | 0, [1, 2] | 0]);
t(() => [5 % 3, -5 % 3, 5 % -3, -5 % -3, 5.5 % 2, -0 % 1, 0 % 1, -4 % 2, 1 % 0, Infinity % 2, 2 % Infinity, -2 % Infinity, NaN % 1, 1e308 % 1e-300, 2 ** 53 % 3]);
t(() => [0 / 0, 1 / 0, -1 / 0, 0 / -1, 0 * -1, -0 + -0, -0 + 0, -0 - 0, 0 - 0, -0 - -0, 1 / (0 * -5)]);
t(() => ['5' * '2', '5' - 2, '5' + 2, 5 + '2', null + 1, undefined + 1, true + true, [] + [], [] + {}, [1] + [2], {} + [], null + 'a', undefined + 'a', 'a' - 1, '3' ** '2', ' 12 ' * 1, '\n' * 1, '0b11' * 1, '0o17' * 1, '-0x1' * 1, '1_000' * 1, '.5' * 1, '5.' * 1, '.' * 1, '+5' * 1, '--5' * 1, 'Infinity' * 1, 'infinity' * 1, '-Infinity' * 1, '1e1000' * 1, '\u00a05\ufeff' * 1, '\u180e5' * 1]);
// comparison
t(() => ['a' < 'b', 'a' < 'B', '10' < '9', 10 < '9', '10' < 9, 'a' < 1, null < 1, undefined < 1, NaN < NaN, null >= 0, null > 0, null == 0, undefined == null, undefined == 0, '' == 0, '0' == false, [] == false, [] == ![], [0] == false, [[]] == 0, 'abc' < 'abcd', '\ud83d\ude00' < '\uffff', [2] > 1, true > false, ({}) > 1, NaN != NaN, 0 === -0]);
// logical assignment short circuit
t(() => L(() => { var o = { get a() { log.push('ga'); return 1; }, set a(v) { log.push('sa'); }, get z() { log.push('gz'); return 0; }, set z(v) { log.push('sz' + v); } }; o.a ||= log.push('no'); o.a &&= 5; o.z ||= 7; o.z &&= log.push('no'); o.a ??= log.push('no'); }));
t(() => { const c = 1; c ||= 2; return c; }); t(() => { const c = 0; c ||= 2; return c; }); t(() => { const c = null; c ??= 2; }); t(() => { const c = 1; c &&= 2; }); t(() => { const c = 1; c++; }); t(() => { const c = 1; c += 1; });
t(() => { var f; f ||= function () { }; return f.name; }); t(() => { var f; f ??= () => 1; return f.name; }); t(() => { var f = 1; f &&= class { }; return f.name; });
t(() => { var f; f = function () { }; return f.name; }); t(() => { var f; (f) = function () { }; return f.name; }); t(() => { var o = {}; o.f = function () { }; return o.f.name; });
t(() => { var { a = function () { } } = {}; return a.name; }); t(() => { var [a = () => 1] = []; return a.name; }); t(() => { var a; [a = class { }] = []; return a.name; }); t(() => { var a; ({ x: a = () => { } } = {}); return a.name; });
t(() => ((a = function () { }) => a.name)()); t(() => { var o = { f: function () { }, g() { }, ['h' + 1]: () => 1, get i() { return 1; }, 5: () => 1, 'x y'() { } }; var d = Object.getOwnPropertyDescriptor(o, 'i').get; return [o.f.name, o.g.name, o.h1.name, d.name, o[5].name, o['x y'].name]; });
t(() => { class A { static m() { } static f = () => 1; #p() { } static n(x) { return x.#p.name; } f2 = function () { }; static 'a b' = () => 1; } return [A.m.name, A.f.name, A.n(new A), new A().f2.name, A['a b'].name]; });
t(() => { class A { static name = 'custom'; } return A.name; }); t(() => { class A { static name() { return 5; } } return A.name; }); t(() => { var A = class { static name = 3; }; return [A.name]; }); t(() => (class { }).name); t(() => (function () { }).name); t(() => (() => 1).name);
t(() => { var x = class Y { static z = Y.name; }; return [x.name, x.z]; }); t(() => { var x = (0, function () { }); return x.name; });
// optional chaining
t(() => { var o = null; return [o?.a, o?.a.b.c, o?.[1].x, o?.(), o?.a(), typeof o?.a.b()]; });
t(() => L(() => { var o = null; o?.[log.push('x')]; o?.f(log.push('y')); return delete o?.a; }));
t(() => { var o = { a: { f() { return this.v; }, v: 4 } }; return [o.a?.f(), o?.a.f(), (o?.a).f(), (o?.a.f)(), o.a.g?.(), o.a?.['f']()]; });
t(() => { var o = {}; o.a.b?.c; }); t(() => { var o = {}; o?.a.b; }); t(() => { var o = { a: 1 }; o?.a(); }); t(() => { var o = { a: 1 }; o.a?.(); }); t(() => { var o = {}; (o?.a).b; });
t(() => { class A { #x = 1; static g(o) { return o?.#x; } static h(o) { return o?.y?.#x; } } return [A.g(new A), A.g(null), A.h({ y: new A }), A.h({})]; });
t(() => { class A { #x = 1; static g(o) { return o?.#x; } } return A.g({}); });
// template
t(() => `a${1}b${'c'}${null}${undefined}${[1, 2]}`); t(() => `${{}}`); t(() => `\u{1F600}\x41\n`.length); t(() => `a
b`.length);
t(() => { function tag(s, ...v) { return [s.length, s.raw, s, v, Object.isFrozen(s), Object.isFrozen(s.raw)]; } return tag`a\n${1}\u0041${2}`; });
t(() => { function tag(s) { return s; } function f() { return tag`x${1}`; } return [f() === f(), tag`x` === tag`x`]; });
t(() => { function tag(s) { return [s[0], s.raw[0]]; } return tag`\unicode and \xerxes \u{110000000}`; });
t(() => { var o = { tag(s) { return this === o; } }; return [o.tag`x`, o['tag']`y`]; });
t(() => String.raw`a\n${1}b`); t(() => new (function (s) { this.q = s[0]; })`x`); t(() => { function tag(s) { return tag2; } function tag2(s) { return s[0]; } return tag`a``b`; });
t(() => `${{ toString() { return 'ts'; }, valueOf() { return 'vo'; } }}`);
t(() => `a${`b${`c`}`}`);
