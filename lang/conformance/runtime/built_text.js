'use strict';
// Text built by the library: narrow and wide, short and long, numbers in every spelling.
console.log(['a', 1, -2147483648, 2.5, null, undefined, true, [3, [4]], 'é', '世'].join('-'));
console.log([1, 2, 3].join(''), [1, 2].join('é'), ['x'].join('世'), [].join(), [[], [[]]].join(';'), [NaN, -0, 1e21, 1e-7].join(' '));
console.log('5'.padStart(3, '0'), '5'.padEnd(4, 'ab'), 'é'.padStart(3, '世x'), 'abc'.padStart(2), 'abc'.padEnd(6), ''.padStart(5, 'xyz'), 'q'.padStart(3, ''));
console.log(JSON.stringify({ a: 'é', b: '世', c: '\u0001"\\\n', d: '\ud800', e: '😀', n: [1, -1, 1.5, 1e21, -0, NaN, 2147483648], o: {}, l: [] }));
console.log(JSON.stringify({ a: [1, { b: 2 }], c: undefined, d: () => 1, e: null }, null, 2));
console.log(JSON.stringify({ a: [1, 2] }, null, 'é世'), JSON.stringify('x'.repeat(3) + '世'), JSON.stringify({ z: 1, y: 2, 3: 4 }, ['y', 3, 'q']));
class Money { constructor(n) { this.n = n; } toJSON(key) { return key + ':' + this.n; } }
console.log(JSON.stringify([new Money(1), { price: new Money(2) }]));
const changing = { a: 1, b: { toJSON() { delete changing.c; changing.d = 4; return 'b'; } }, c: 3 };
console.log(JSON.stringify(changing), JSON.stringify(changing));
const loop = { name: 'x', list: [{}] };
loop.list[0].back = loop;
try { JSON.stringify(loop); } catch (e) { console.log(e.message); }
loop.list[0].back = { deeper: { deepest: loop } };
try { JSON.stringify(loop); } catch (e) { console.log(e.message); }
console.log([255, -255, 0, 4294967296, 9007199254740991, -9007199254740991, 1e21, 0.5, -255.5].map(n => [2, 16, 36].map(r => n.toString(r)).join(' ')).join('\n'));
console.log(['12', ' 42abc', '-7', '+8', '0x1F', '1e3', '999999999999999', '9999999999999999', '123456789012345678901234567890', '', 'é1', '1é', '１', '  \n5'].map(s => parseInt(s)).join());
console.log(['z', 'zz', '101', '12'].map(s => parseInt(s, 36)).join(), parseInt('101', 2), parseInt('9', 8), parseInt('-0'), Object.is(parseInt('-0'), -0), parseInt('12345678901234567890', 7));
console.log(['1.5', '1.5é', ' 1e3 ', '.5', '5.', '-.5e-3', '1e400', '0x10', 'é', '世', '1世'].map(s => Number(s) + '/' + parseFloat(s)).join(' '));
let s = '';
for (let i = 0; i < 300; i++) s = `${s}${i % 7 === 0 ? 'é' : i}${i % 90 === 0 ? '世' : ''}`;
console.log(s.length, s.slice(0, 40), s.slice(-20));
const table = {};
for (let i = 0; i < 2000; i++) { const k = ('id' + (i % 40)).toUpperCase(); table[k] = (table[k] || 0) + i; }
console.log(Object.keys(table).length, table.ID7, table['I' + 'D39']);
