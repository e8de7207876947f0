'use strict';
// `call`, `apply` and `arguments` in hot code, and everything that may change meanwhile: the list, the function, the library.

function add(a, b, c) {
  return this.k + a + (b === undefined ? 100 : b) + (c === undefined ? 1000 : c);
}
const one = { k: 1 };

function repeat(name, f, times = 3000) {
  let last;
  for (let i = 0; i < times; i++) last = f(i);
  console.log(name, last);
}

// ---- what reaches the function
function forward() {
  return add.apply(this, arguments);
}
function forwardRest(...rest) {
  return add.apply(this, rest);
}
function forwardFirst() {
  return add.call(this, arguments[0], arguments.length);
}
repeat('call', i => add.call(one, i, 1, 2));
repeat('call with few', i => add.call(one, i));
repeat('call with many', i => add.call(one, i, 1, 2, 3, 4));
repeat('apply', i => forward.call(one, i, 2, 3));
repeat('apply, one more', i => forward.call(one, i, 2, 3, 4, 5));
repeat('apply of none', () => forward.call(one) !== forward.call(one));
repeat('apply without list', () => String(add.apply(one) !== add.apply(one)));
repeat('apply null', i => add.apply(one, i % 2 ? null : undefined) !== 1);
repeat('apply rest', i => forwardRest.call(one, i, 2, 3));
repeat('parts', i => forwardFirst.call(one, i, 2, 3));
repeat('through two', i => (function () { return forward.apply(one, arguments); })(i, 4));

// ---- a list that has changed before it is forwarded
function changed(a, b) {
  if (a > 2000) arguments[1] = 7;
  return add.apply(one, arguments);
}
function shortened() {
  if (arguments[0] === 2999) arguments.length = 1;
  return add.apply(one, arguments);
}
function emptied() {
  if (arguments[0] === 2999) delete arguments[0];
  return String(add.apply(one, arguments));
}
let leaked = null;
function leaks() {
  leaked = arguments;
  meddle(arguments[0]);
  return add.apply(one, arguments);
}
function meddle(i) {
  if (i > 2990) leaked[0] = -i;
}
repeat('changed', i => changed(i, 1));
repeat('shortened', i => shortened(i, 1));
repeat('emptied', i => emptied(i, 1));
repeat('leaked', i => leaks(i, 1));
console.log(leaked.length, leaked[0], leaked[1], leaked[2]);

// ---- reading arguments at indices that are there and that are not
function total() {
  let s = 0;
  for (let i = 0; i < arguments.length; i++) s += arguments[i];
  return s;
}
function beyond(i) {
  return [arguments[i % 4], arguments.length].join();
}
repeat('total', i => total(i, 1, 2) + total(i));
repeat('beyond', i => beyond(i, 'a', 'b'));

// ---- leaving the code while the list is virtual
function needsList(a, b) {
  const n = a === 2999 ? 'text' : a;
  const r = n * 2;
  return [r, arguments.length, arguments[0], arguments[1]].join();
}
repeat('list after an exit', i => needsList(i, 'b'));
function overflows(a) {
  const big = (a === 2999 ? 2147483647 : a) + 1;
  return big + forward.apply(one, arguments);
}
repeat('overflow in between', i => overflows(i, 1, 1));

// ---- several functions behind one site
const functions = [
  function () { return 'a' + this.k; },
  function (x) { return 'b' + x; },
  function () { return 'c' + arguments.length; },
  (x, y) => 'd' + x + y,
  Math.max,
  function () { return 'f'; },
];
function dispatch(n, i) {
  return functions[i % n].call(one, i, 2) + functions[i % n].apply(one, [i, 3]);
}
for (const n of [1, 2, 3, 4, 5, 6]) {
  let text = '';
  for (let i = 0; i < 600; i++) {
    const v = dispatch(n, i);
    if (i >= 594) text += ` ${v}`;
  }
  console.log(n, text);
}

// ---- methods of the library
const has = Object.prototype.hasOwnProperty;
repeat('hasOwnProperty', i => has.call(one, i % 2 ? 'k' : 'x'));
repeat('slice', i => (function () { return Array.prototype.slice.call(arguments, 1); })(i, 1, 2).join());
repeat('call of call', i => Function.prototype.call.call(add, one, i, 1, 1));
repeat('apply of call', i => Function.prototype.call.apply(add, [one, i, 1, 1]));

// ---- what cannot be called
class Strict {
  constructor(x) {
    this.x = x;
  }
}
function attempt(f, g) {
  try {
    return g(f);
  } catch (e) {
    return e.constructor.name;
  }
}
for (const f of [add, Strict, 1, null, {}, Object.create(Function.prototype)]) {
  let text = '';
  for (let i = 0; i < 300; i++) {
    text = attempt(f, x => x.call(one, 1, 1, 1)) + ' ' + attempt(f, x => x.apply(one, [1, 1, 1])) + ' '
      + attempt(f, x => x.apply(one, 5));
  }
  console.log(text);
}

// ---- exceptions
function thrower(i) {
  if (i % 3 === 0) throw new RangeError('at ' + i);
  return i;
}
function guarded() {
  try {
    return thrower.apply(null, arguments);
  } catch (e) {
    return e.message;
  }
}
repeat('exceptions', i => guarded(i, 1));

// ---- objects made by one function for many classes
function makeClass(members) {
  const made = function () {
    this.initialize.apply(this, arguments);
  };
  for (const name of Object.keys(members)) made.prototype[name] = members[name];
  return made;
}
const Point = makeClass({
  initialize(x, y) {
    this.x = x;
    this.y = y;
  },
  sum() {
    return this.x + this.y;
  },
});
const others = [];
for (let n = 0; n < 6; n++) {
  others.push(makeClass({
    initialize(v) {
      this['v' + n] = v;
      this.all = arguments.length;
    },
  }));
}
for (let i = 0; i < 300; i++) for (const other of others) new other(i, n => n);
repeat('classes', i => new Point(i, 2).sum());
Point.prototype.initialize = function (x) {
  this.x = this.y = x;
};
repeat('initialize replaced', i => new Point(i, 2).sum());
delete Point.prototype.initialize;
try {
  new Point(1, 2);
} catch (e) {
  console.log(e.constructor.name);
}
Object.prototype.initialize = function () {
  this.x = 40;
  this.y = 2;
};
repeat('initialize inherited', i => new Point(i, 2).sum());
delete Object.prototype.initialize;

// ---- an own `apply`, and a replaced one
const odd = i => i + 1;
odd.apply = (self, list) => 'own apply ' + list.length;
function applies(f, i) {
  return f.apply(null, [i, i]);
}
repeat('own apply', i => applies(i > 1500 ? odd : Math.min, i));
function viaApply(i) {
  return forward.apply(one, [i, 1, 1]);
}
repeat('before', viaApply);
const apply = Function.prototype.apply;
Function.prototype.apply = function (self, list) {
  return 'replaced ' + list.length;
};
repeat('after', viaApply);
Function.prototype.apply = apply;
repeat('again', viaApply);
