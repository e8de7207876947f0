'use strict';
// Array methods on holes, array-likes, accessors and arrays that change while they are walked.
const show = (...v) => console.log(...v);
const like = () => ({ length: 4, 0: 'a', 2: 'c', 3: 'd' });
for (const m of ['slice', 'reverse', 'concat', 'join', 'indexOf', 'includes', 'lastIndexOf', 'pop', 'shift', 'keys', 'toReversed']) {
  const o = like();
  const r = Array.prototype[m].call(o, 'c');
  show(m, m === 'keys' ? [...r] : r, o);
}
const pushed = like(); show(Array.prototype.push.call(pushed, 1, 2), pushed);
const unshifted = like(); show(Array.prototype.unshift.call(unshifted, 'x', 'y'), unshifted);
const spliced = like(); show(Array.prototype.splice.call(spliced, 1, 2, 'n'), spliced);
const filled = { length: 3 }; show(Array.prototype.fill.call(filled, 7, 1), filled);
const copied = { length: 5, 3: 1 }; show(Array.prototype.copyWithin.call(copied, 0, 3), copied);
show(Array.prototype.map.call('abc', (c) => c + c), Array.prototype.filter.call('aXbX', (c) => c !== 'X'));
show(Array.prototype.join.call({ length: 3, 1: null }, '-'), Array.prototype.concat.call(1, 2, [3, [4]]));
const holes = [1, , 3, , 5];
show(holes.map((x) => x * 2), holes.filter(() => true), holes.indexOf(undefined), holes.includes(undefined), holes.findIndex((x) => x === undefined));
holes.forEach((x, i) => show(i, x));
show(holes.reduce((a, b) => a + b), holes.some((x) => x === undefined), holes.every((x) => x > 0), holes.slice(1, 4), holes.concat([, 6]), [...holes]);
show(holes.reverse(), holes.flat(), holes.toSorted((a, b) => b - a), holes.sort(), holes.length, 1 in holes, 4 in holes);
show(holes.join(), [null, undefined, 1, [2, [3]]].join(), [, ,].join('x'), [[]].join(), String([1, [2, [3, 4]]]));
const grow = [1, 2, 3];
grow.forEach((x) => { if (grow.length < 6) grow.push(x * 10); });
show(grow, grow.map((x, i, a) => { a.length = 2; return x; }));
const shrink = [1, 2, 3, 4, 5];
show(shrink.filter((x) => { shrink.pop(); return true; }), shrink);
show([3, 1, 2].map((x, i, a) => { a[2] = 9; return x; }), [5, 6].flatMap((x) => [x, [x]]), [1, [2, [3, [4]]]].flat(Infinity), [[1, , 2]].flat());
show([1, 2, 3, 4, 5].copyWithin(0, 3), [1, 2, 3, 4, 5].copyWithin(1, 0, 3), [1, 2, 3].fill(0, -2), [1, 2, 3].fill(0, 1, 2), new Array(3).fill(), Array(3).fill({}).length);
show([1, 2, 3].at(-1), [1, 2, 3].at(5), [1, 2, 3].at(-4), [1, 2, 3].with(1, 9), [1, 2, 3].with(-1, 9), [1, , 3].with(0, 0), [1, 2, 3, 4].toSpliced(1, 2, 'a', 'b', 'c'));
show([1, 2, 3].splice(1), [1, 2, 3].splice(-2, 1), [1, 2, 3].splice(), [1, 2, 3].splice(undefined), [1, 2, 3].splice(1, 0, 'x', 'y'), [1, 2, 3].slice(-2), [1, 2, 3].slice(2, 1), [1, 2, 3].slice(-9, 9));
show([1, 2, 3].lastIndexOf(3, -2), [1, 2, 1].lastIndexOf(1, -2), [NaN].indexOf(NaN), [NaN].includes(NaN), [-0].includes(0), [1, 2, 3].indexOf(3, -1), [1, 2].indexOf(1, 5));
show(Array.from({ length: 3 }), Array.from('h\u{1F600}i'), Array.from([1, 2], function (x) { return x * this.k; }, { k: 3 }), Array.from(new Map([[1, 2]])), Array.from(new Set([1, 1, 2])), Array.from({ length: 2, 0: 'x' }, (v, i) => [v, i]), Array.of(7), Array.of(1, 2), Array(3).length, Array(1, 2), Array('3'));
show([1, 2, 3].findLast((x) => x < 3), [1, 2, 3].findLastIndex((x) => x > 5), [1, 2, 3].reduceRight((a, b) => a + '-' + b), [[1, 2], [3]].reduce((a, b) => a.concat(b), []));
class Stack extends Array { peek() { return this[this.length - 1]; } }
const st = new Stack(); st.push(1, 2); show(st, st.peek(), st.length, st instanceof Array, Array.isArray(st), Stack.of(1, 2), Stack.from([3]) instanceof Stack);
const big = []; big[5] = 1; show(big, big.length, big.findIndex((x) => x === 1)); big.length = 2; show(big, big.length); big.length = 0; show(big);
const a = [1, 2, 3]; a[10] = 11; delete a[0]; show(a, a.length, Object.keys(a)); a.length = 3; show(a);
const neg = [1]; neg[-1] = 'x'; neg['01'] = 'y'; neg[1.5] = 'z'; show(neg, neg.length, Object.keys(neg));
const frozen = Object.freeze([1, 2]); for (const f of [() => frozen.push(3), () => { frozen[0] = 9; }, () => frozen.pop(), () => { frozen.length = 0; }, () => frozen.sort()]) try { f(); } catch (e) { show(e.name, e.message); }
show(frozen, frozen.map((x) => x + 1), [...frozen, 3]);
const mixed = [3, 'a', 1.5, null, undefined, true, -0, [2], { z: 1 }]; show(mixed.sort(), mixed.length, [3, 20, 100].sort(), [true, false].sort(), ['b', undefined, 'a', , 'c'].sort());
show(Array.prototype.concat.call([], [1], 2, [[3]]), [].concat(), [1].concat([2], [3, [4]]), [].concat([, 1]).length);
show([...[1, 2].entries()], [...[1, , 2].keys()], [...['a'].values()], [1, 2, 3].keys().next(), [].values().next());
const it = [1, 2, 3][Symbol.iterator](); show(it.next(), [...it], it.next(), it[Symbol.iterator]() === it);
show([1, 2, 3].toString(), [1, 2, 3].toLocaleString(), [1234.5, new Date(0)].length, [[1, 2], [3]].toString(), [{}] + '', [() => 1].length);
const cyc = [1]; cyc.push(cyc); show(cyc.join(), cyc + '');
