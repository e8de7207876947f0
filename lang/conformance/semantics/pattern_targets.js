'use strict';
// A property that a pattern assigns to is evaluated before the iterator is asked for its value, and a target that throws
// closes the iterator; an iterator that throws is over and is not closed.
const log = [];
function iterator(values, failAt) {
  let i = 0;
  return {
    [Symbol.iterator]() { return this; },
    next() {
      log.push('next');
      if (i === failAt) throw new Error('next failed');
      return i < values.length ? { value: values[i++], done: false } : { value: undefined, done: true };
    },
    return() { log.push('return'); return {}; },
  };
}
function target(name, object) { log.push('target ' + name); return object; }
function key(name) { log.push('key ' + name); return name; }
function attempt(what, f) {
  log.length = 0;
  try { f(); } catch (e) { log.push(e.constructor.name + ': ' + e.message); }
  console.log(what, '|', log.join(', '));
}
const o = {};
attempt('elements', () => { [target('a', o).x, target('b', o)[key('y')]] = iterator([1, 2, 3]); });
attempt('defaults', () => { [target('a', o).x = (log.push('default'), 5)] = iterator([]); });
attempt('rest', () => { [...target('r', o).all] = iterator([1, 2]); });
attempt('target throws', () => { [target('a', null).b.c] = iterator([1]); });
attempt('rest throws', () => { [...target('r', undefined).b.c] = iterator([1]); });
attempt('key throws', () => { [target('a', o)[key(missing())]] = iterator([1]); });
attempt('next throws', () => { let x; [x, , x] = iterator([1, 2, 3], 1); });
attempt('hole throws', () => { [,] = iterator([1], 0); });
attempt('rest next throws', () => { let x; [...x] = iterator([1, 2], 1); });
attempt('nested', () => { [[target('in', o).z]] = [iterator([7])]; });
function missing() { throw new RangeError('no key'); }
const source = {
  get a() { log.push('get a'); return undefined; },
  get b() { log.push('get b'); return 2; },
};
attempt('properties', () => { ({ a: target('a', o).x = (log.push('default'), 9), [key('b')]: target('b', o).y } = source); });
attempt('property rest', () => { ({ a: target('a', o).x, ...target('rest', o).others } = source); });
console.log(o);
attempt('for-of head', () => { for ([target('a', o).p, target('b', o).q] of [iterator([1, 2])]) log.push('body'); });
let i = 0;
const list = [];
[list[i++], list[i++], list[i++]] = 'abc';
console.log(list, i);
let self = { v: 1 };
const first = self;
[self.v, self] = [10, { v: 2 }];
console.log(first.v, self.v);
class Base {}
class Early extends Base {
  #field;
  constructor() {
    const start = () => super();
    ({ a: this.#field } = { get a() { start(); return 1; } });
  }
}
attempt('this before super', () => new Early());
// The targets stay as cheap when they run hot.
let sum = 0;
const pair = { x: 0, y: 0 };
for (let k = 0; k < 3000; k++) {
  [pair.x, pair.y] = [pair.y + 1, pair.x];
  ({ x: pair.y, y: pair.x } = pair);
  sum += pair.x - pair.y;
}
console.log(sum, pair);

// The same in a function that is compiled: an iteration that threw is over, and is not closed.
function rest(bad) {
  let x;
  [...x] = iterator([1, 2, 3], bad);
  return x;
}
for (let i = 0; i < 300; i++) rest(9);
log.length = 0;
for (let i = 0; i < 3; i++) attempt('compiled rest', () => rest(i));
