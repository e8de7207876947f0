'use strict';
// Symbols as values and as keys.
function attempt(f) {
  try { return f(); } catch (e) { return e.name + ': ' + e.message; }
}
const a = Symbol('a'), b = Symbol('a'), none = Symbol(), empty = Symbol('');
console.log(a, b, none, empty, a === b, a === a, typeof a, a.toString(), a.description, none.description, empty.description, none.toString(), Symbol(undefined).toString(), Symbol(12).toString(), Symbol(null).description);
console.log(attempt(() => new Symbol()), attempt(() => a + ''), attempt(() => `${a}`), attempt(() => +a), attempt(() => a - 1), attempt(() => Symbol(Symbol())), attempt(() => a < 1), attempt(() => String(a)), attempt(() => Number(a)), attempt(() => [a].join()), attempt(() => a | 0), !a, !!a, a == a, a == Object(a), Object(a) === a);
console.log(Symbol.for('k') === Symbol.for('k'), Symbol.for('k'), Symbol.keyFor(Symbol.for('k')), Symbol.keyFor(a), attempt(() => Symbol.keyFor('k')), Symbol.for(), Symbol.for(5).description, Symbol.keyFor(Symbol.iterator), Symbol.for('k') === Symbol('k'));
const key = Symbol('key'), hidden = Symbol('hidden');
const o = { plain: 1, [key]: 2, [Symbol.for('reg')]: 3, get [hidden]() { return this.plain + 10; }, 5: 'five' };
console.log(o, o[key], o[hidden], key in o, Object.keys(o), Object.getOwnPropertyNames(o), Object.getOwnPropertySymbols(o), JSON.stringify(o), Object.entries(o).length);
for (const k in o) console.log(k);
const copy = { ...o }, assigned = Object.assign({}, o);
console.log(copy[key], assigned[key], copy[hidden], Object.getOwnPropertySymbols(assigned).length, Object.getOwnPropertyDescriptor(o, key), o.hasOwnProperty(key), Object.hasOwn(o, hidden));
const { [key]: taken, ...rest } = o;
console.log(taken, Object.getOwnPropertySymbols(rest), delete o[key], key in o, o[key]);
Object.defineProperty(o, key, { value: 'secret', enumerable: false, configurable: true });
console.log(o, o[key], Object.getOwnPropertySymbols(o).length, { ...o }[key]);
class Box {
  static [key] = 'static'; [hidden] = 1; [Symbol.for('m')]() { return 'method'; }
  get [a]() { return 'got'; } set [a](v) { this.seen = v; }
}
const box = new Box();
box[a] = 7;
console.log(Box[key], box, box[hidden], box[Symbol.for('m')](), box[a], box.seen, box[Symbol.for('m')].name, Object.getOwnPropertyDescriptor(Box.prototype, a).get.name);
const f = { [key]: () => 1, [none]: function () {}, [empty]: class {} };
console.log(f[key].name, f[none].name, f[empty].name, f);
console.log(new Map([[a, 1], [b, 2]]), new Set([a, a, b]), new Map([[a, 1]]).get(a), [a, b].indexOf(b), [a].includes(a), Object(a), [Object(a)], Object(a).description, typeof Object(a), Object(a) == a);
console.log(Object.prototype.toString.call(a), attempt(() => { a.x = 1; }), a.x, attempt(() => Symbol.prototype.toString.call(1)), attempt(() => Symbol.prototype.description), Symbol.prototype[Symbol.toStringTag], Symbol.length, Symbol.name);
console.log('%s %o %d', a, a, 1, [[[a]]], { a: { b: { c: a } } }, attempt(() => JSON.stringify({ a })), JSON.stringify([a]), JSON.stringify(a));
const list = [1, 2]; list[key] = 'on an array'; console.log(list, list.length);
const fn = () => 0; fn[key] = 1; console.log(fn);
console.log(Symbol.iterator, Symbol.hasInstance, Symbol.toPrimitive, Symbol.toStringTag, Object.getOwnPropertyDescriptor(Symbol, 'iterator'));
let n = 0;
for (let i = 0; i < 3000; i++) { const t = { [key]: i }; n += t[key] + (a in t ? 1 : 0); }
console.log(n, attempt(() => null[a]), attempt(() => undefined[Symbol('q')]), attempt(() => { null[a] = 1; }), attempt(() => o[a]()), attempt(() => a()));
