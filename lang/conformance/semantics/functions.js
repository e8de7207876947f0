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

// functions
t(() => { function f(a, b = a + 1, c = () => a + b) { a = 10; return [a, b, c()]; } return f(1); });
t(() => { var x = 'outer'; function f(a = x) { var x = 'inner'; return [a, x]; } return f(); });
t(() => { var x = 1; function f(a = () => x) { var x = 2; return [a(), x]; } return f(); });
t(() => { function f(x, g = () => x) { var y = x; x = 5; return [x, g(), y]; } return f(1); });
 t(() => { function f(a, b = (() => a)()) { return b; } return f(7); });
t(() => (function (a, b) { }).length); t(() => ((a, b = 1, c) => 1).length); t(() => ((...r) => 1).length); t(() => (({ a }, [b]) => 1).length);
t(() => { function f(a = 1) { return [arguments.length, arguments[0], a]; } return [f(), f(undefined), f(null)]; });
t(() => { function f(...r) { return r; } return [f(), f(1), f(1, 2, 3), f.apply(null, [4, 5])]; });
t(() => { function f(a, ...[b, c]) { return [a, b, c]; } return f(1, 2, 3, 4); });
t(() => { function f(a, ...{ length }) { return length; } return f(1, 2, 3, 4); });
t(() => { function f() { return arguments; } var a = f(1, 2); return [a.length, a[0], Object.prototype.toString.call(a), Object.getOwnPropertyNames(a), typeof a[Symbol.iterator], a instanceof Object, Array.isArray(a)]; });
t(() => { function f() { arguments[5] = 1; arguments.length = 2; return [Object.keys(arguments), [...arguments]]; } return f(9, 8, 7); });
t(() => { function f(a) { arguments[0] = 5; return a; } return f(1); }); t(() => { function f(a) { a = 5; return arguments[0]; } return f(1); });
t(() => { function f() { return Object.getOwnPropertyDescriptor(arguments, 'length'); } return f(1, 2); });
t(() => { function f() { return Object.getOwnPropertyDescriptor(arguments, 'callee'); } return f(1, 2); });
t(() => { function f() { return (() => arguments[0])(); } return f(42); });
t(() => { function f() { var arguments_ = 3; return arguments.length + arguments_; } return f(1); });
t(() => (function () { return this; })()); t(() => (function () { return typeof this; }).call(5)); t(() => (function () { return this; }).call(null)); t(() => (function () { return this; }).apply(undefined, [])); t(() => (() => typeof this).call(5));
t(() => { var f = function () { return this.x; }; return [f.bind({ x: 1 })(), f.bind({ x: 1 }).bind({ x: 2 })(), f.bind({ x: 1 }).call({ x: 3 })]; });
t(() => { function f(a, b, c) { return [a, b, c]; } var g = f.bind(null, 1); return [g.name, g.length, g(2, 3), f.bind(null, 1, 2, 3, 4).length, g.bind(null).name]; });
t(() => { function F(a, b) { this.s = a + b; } var G = F.bind({}, 1); return [new G(2).s, new G(2) instanceof F, new G(2).constructor === F]; });
t(() => { var f = (() => 1).bind(); new f; }); t(() => { var f = { m() { } }.m; new f; }); t(() => { new (() => 1); }); t(() => { class A { } A(); }); t(() => { new Math.max; }); t(() => { new parseInt('1'); }); t(() => { new [].push; }); t(() => { new 5; }); t(() => { var x = {}; new x.y(); }); t(() => { new (class { get x() { } }); return 1; });
t(() => Function.prototype.call.length + Function.prototype.apply.length + Function.prototype.bind.length);
t(() => Math.max.apply(null, { length: 3, 0: 5, 1: 9, 2: 2 })); t(() => Math.max.apply(null, 5)); t(() => Math.max.apply(null, 'abc')); t(() => Math.max.apply(null, null)); t(() => Math.max.apply(null)); t(() => Function.prototype.apply.call(5)); t(() => Function.prototype.call.call(5)); t(() => Function.prototype.bind.call(5)); t(() => Function.prototype.toString.call({})); t(() => Function.prototype.toString.call(Math.max)); t(() => Function.prototype.toString.call(class A { x = 1 }));
t(() => (function f(a, b) { return a /* c */ + b; }).toString()); t(() => ((a) => a + 1).toString()); t(() => ({ m(a) { return a; } }).m.toString()); t(() => Object.getOwnPropertyDescriptor({ get x() { return 1; } }, 'x').get.toString()); t(() => (class A extends Array { static #p = 1; m() { } }).toString()); t(() => ({ [1 + 2](a) { } })[3].toString()); t(() => (function () { }).bind().toString()); t(() => { class A { static m() { } static get q() { return 1; } } return [A.m.toString(), Object.getOwnPropertyDescriptor(A, 'q').get.toString()]; });
t(() => { function f() { } return Object.getOwnPropertyNames(f); }); t(() => Object.getOwnPropertyNames(() => 1)); t(() => Object.getOwnPropertyNames(class { })); t(() => Object.getOwnPropertyNames(class A { static x() { } static y = 1; })); t(() => Object.getOwnPropertyNames({ m() { } }.m)); t(() => Object.getOwnPropertyNames((function () { }).bind()));
t(() => { function f() { } return Object.getOwnPropertyDescriptor(f, 'prototype'); }); t(() => { function f() { } return Object.getOwnPropertyDescriptor(f.prototype, 'constructor'); }); t(() => Object.getOwnPropertyDescriptor(class { }, 'prototype')); t(() => Object.getOwnPropertyDescriptor((class { m() { } }).prototype, 'm')); t(() => Object.getOwnPropertyDescriptor((class { }).prototype, 'constructor'));
t(() => { function f() { } f.name = 'x'; }); t(() => { function f() { } Object.defineProperty(f, 'name', { value: 'zz' }); return f.name; }); t(() => { (function () { }).length = 3; }); t(() => { function f() { } f.foo = 1; f.prototype.bar = 2; return [f.foo, new f().bar, Object.keys(f)]; });
t(() => { var f = function g() { g = 1; return 1; }; return f(); }); t(() => { var f = function g() { return typeof g; }; return f(); }); t(() => { var f = function g() { var g = 5; return g; }; return f(); }); t(() => { var f = function g(g) { return g; }; return f(3); });
t(() => { return typeof hoisted + hoisted(); function hoisted() { return 1; } }); t(() => { var a = typeof f; { function f() { } } return [a, typeof f]; });
t(() => { { function f() { return 1; } } return f(); });
t(() => { function F() { return { a: 1 }; } function G() { return 5; } function K() { this.k = 1; return null; } return [new F().a, typeof new G(), new K().k]; });
t(() => { function F() { return new.target; } return [F() === undefined, typeof new F(), new F() instanceof F]; });
t(() => { function F() { return [new.target === F, (() => new.target === F)()]; } return new F(); });
t(() => { class A { constructor() { this.t = new.target.name; } } class B extends A { } return [new A().t, new B().t]; });
t(() => { var o = { m() { return new.target; } }; return o.m(); });
t(() => { 'use strict'; undeclared = 1; }); t(() => undeclared2);
// spread
t(() => Math.max(...[1, 2], 3, ...[], ...'45')); t(() => [...'a\ud83d\ude00b']); t(() => [...[1, , 3]]); t(() => [...new Set([1, 1, 2])]); t(() => [...new Map([[1, 2]])]); t(() => [...5]); t(() => [...null]); t(() => [...undefined]); t(() => [...{}]); t(() => Math.max(...{})); t(() => Math.max(...5)); t(() => new Array(...[3])); t(() => new Array(...[1, 2])); t(() => new Date(...[2020, 1, 1]).getMonth()); t(() => Math.max(...undefined)); t(() => { var f; f(...[1]); }); t(() => { var x; return [...x]; }); t(() => { var o = { x: 5 }; return [...o.x]; });
t(() => ({ ...{ a: 1 }, b: 2, ...{ a: 3 } })); t(() => ({ ...null, ...undefined, ...5, ...'ab', ...[9] })); t(() => L2(() => ({ ...{ get a() { lg.push('g'); return 1; } } }))); var lg = []; function L2(f) { lg = []; var r = f(); return [r, lg]; }
t(() => ({ a: 1, get a() { return 2; } }).a); t(() => ({ get a() { return 2; }, a: 1 })); t(() => ({ a: 1, ['a']: 2 })); t(() => ({ __proto__: Array.prototype }) instanceof Array); t(() => Object.keys({ __proto__: null, a: 1 })); t(() => Object.keys({ ['__proto__']: 1 })); t(() => { var __proto__ = 5; return Object.keys({ __proto__ }); }); t(() => ({ __proto__: 5 }).toString()); t(() => Object.keys({ __proto__() { } })); t(() => Object.keys({ "__proto__": null }));
// destructuring
t(() => { var [a, , b = 5, ...c] = [1, 2, undefined, 4, 5]; return [a, b, c]; }); t(() => { var { a, b: { c = 3 } = {}, ...r } = { a: 1, d: 2, e: 3 }; return [a, c, r]; });
t(() => { var { a } = null; }); t(() => { var { a } = undefined; }); t(() => { var { a: { b } } = {}; }); t(() => { var { a: { b } } = { a: null }; }); t(() => { var [a] = null; }); t(() => { var [a] = {}; }); t(() => { var [a] = 5; }); t(() => { var [[a]] = [null]; }); t(() => { var {} = null; }); t(() => { var [] = null; }); t(() => { (({ a }) => a)(); }); t(() => { (([a]) => a)(); }); t(() => { (([a]) => a)(5); }); t(() => { for (var [x] of [1]); }); t(() => { for (var { x } of [null]); }); t(() => { var o; ({ a: o.x } = { a: 1 }); }); t(() => { var { [undefined]: u } = { undefined: 7 }; return u; }); t(() => { var x; var { y } = x; }); t(() => { var x = { z: null }; var { y } = x.z; }); t(() => { function f() { } var { y } = f(); }); t(() => { var x; [x.a] = [1]; });
t(() => { var a = 1, b = 2;[a, b] = [b, a]; return [a, b]; }); t(() => { var o = {};[o.a, o['b'], ...o.c] = [1, 2, 3, 4]; return o; }); t(() => { var o = {}; ({ x: o.p, ...o.r } = { x: 1, y: 2 }); return o; }); t(() => { var a; return ({ a = 5 } = { b: 1 }); }); t(() => { var a, b; return ([a, b] = [1, 2, 3]); });
t(() => { var l = []; var src = { get a() { l.push('a'); return undefined; }, get b() { l.push('b'); return 2; } }; var { a = l.push('da'), b = l.push('db') } = src; return [a, b, l]; });
t(() => { var { 0: a, length } = 'xyz'; return [a, length]; }); t(() => { var [a, b] = 'x\ud83d\ude00'; return [a, b]; }); t(() => { var [a, b] = new Map([[1, 2], [3, 4]]); return [a, b]; }); t(() => { var { a: [b, { c }] } = { a: [1, { c: 2 }] }; return [b, c]; });
t(() => { let { a, ...rest } = Object.create({ inh: 1 }, { a: { value: 1, enumerable: true }, hid: { value: 2 }, b: { value: 3, enumerable: true } }); return rest; }); t(() => { var k = 'a'; var { [k]: v, ...r } = { a: 1, b: 2 }; return [v, r]; }); t(() => { var { 1: one, ...r } = { 1: 'x', 2: 'y' }; return [one, r]; });
t(() => { var l = []; var it = { [Symbol.iterator]() { var i = 0; return { next() { l.push('n'); return { value: i++, done: false }; }, return() { l.push('r'); return {}; } }; } }; var [a, b] = it; return [a, b, l]; });
t(() => { var l = []; var it = { [Symbol.iterator]() { var i = 0; return { next() { l.push('n'); return { value: i++, done: i > 1 }; }, return() { l.push('r'); return {}; } }; } }; var [a, b, ...c] = it; return [a, b, c, l]; });
t(() => { var l = []; var it = { [Symbol.iterator]() { return { next() { l.push('n'); return { value: 1, done: false }; }, return() { l.push('r'); return {}; } }; } }; try { for (var x of it) { throw 5; } } catch (e) { l.push(e); } for (x of it) { break; } a: for (var y of [1]) for (x of it) continue a; (function () { for (var q of it) return; })(); return l; });
t(() => { var it = { [Symbol.iterator]() { return { next() { return 5; } }; } }; for (var x of it); }); t(() => { var it = { [Symbol.iterator]() { return 5; } }; for (var x of it); }); t(() => { var it = { [Symbol.iterator]: 5 }; for (var x of it); }); t(() => { var it = { [Symbol.iterator]() { return {}; } }; for (var x of it); }); t(() => { var it = { [Symbol.iterator]() { return { next() { return {}; }, return() { return 5; } }; } }; for (var x of it) break; }); t(() => { var it = { [Symbol.iterator]() { return { next() { return {}; }, return: 5 }; } }; for (var x of it) break; }); t(() => { var it = { [Symbol.iterator]() { return { next() { return {}; }, get return() { throw 7; } }; } }; for (var x of it) throw 8; }); t(() => { var it = { [Symbol.iterator]() { return { next() { return {}; }, return() { throw 7; } }; } }; for (var x of it) break; });
t(() => { var it = { [Symbol.iterator]() { return { get next() { throw 3; } }; } }; for (var x of it); }); t(() => { var it = { [Symbol.iterator]() { return { next() { return { get done() { throw 4; } }; } }; } }; for (var x of it); }); t(() => { var it = { [Symbol.iterator]() { return { next() { return { done: false, get value() { throw 4; } }; }, return() { throw 99; } }; } }; for (var x of it); });
