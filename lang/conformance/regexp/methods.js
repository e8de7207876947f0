'use strict';
// The objects and the methods that take them.
function attempt(f) {
  try { return f(); } catch (e) { return e.name + ': ' + e.message; }
}
const re = /(?<year>\d{4})-(?<month>\d\d)(-(?<day>\d\d))?/dgi;
console.log(re, re.source, re.flags, re.global, re.ignoreCase, re.multiline, re.dotAll, re.unicode, re.sticky, re.hasIndices, re.lastIndex, String(re));
console.log(re.exec('on 2024-02-29 and 1999-12'), re.lastIndex);
const second = re.exec('on 2024-02-29 and 1999-12');
console.log(second, second.groups.year, Object.getPrototypeOf(second.groups), second.indices, second.length, re.lastIndex);
console.log(re.exec('on 2024-02-29 and 1999-12'), re.lastIndex, re.test('2000-01'), re.lastIndex);
re.lastIndex = 5; console.log(re.test('2000-01'), re.lastIndex); re.lastIndex = -1; console.log(re.test('2000-01'), re.lastIndex); re.lastIndex = '1'; console.log(re.exec('2000-01'), re.lastIndex);
console.log('a1b22c333'.match(/\d+/g), 'abc'.match(/\d/g), 'abc'.match(/b/), 'abc'.match('b'), 'a.c'.match('.'), 'abc'.match(), 'aaa'.match(/a/y));
console.log([...'a1b22'.matchAll(/[a-z](\d+)/g)], [...'a.b.'.matchAll('.')].length, attempt(() => 'a'.matchAll(/a/)), 'x'.matchAll(/x/g), [...'aXbX'.matchAll(/(?:)/g)].map(m => m.index));
const walker = 'aa'.matchAll(/a/g);
console.log(walker.next(), walker.next().value.index, walker.next(), walker.next(), Object.prototype.toString.call(walker), walker[Symbol.iterator]() === walker);
console.log('abc'.search(/c/), 'abc'.search(/x/), 'abc'.search('b'), 'abc'.search(), 'aaa'.search(/a/g));
console.log('2024-02-29'.replace(/(\d+)-(\d+)-(\d+)/, '$3.$2.$1 $0 $4 $$ $10 $01 $& $`|$\' $<x> $'), 'aXbX'.replace(/X/g, '<$&$`>'), 'abc'.replace(/(?<l>b)/, '[$<l>$<nope>$<l]'), 'abc'.replace('b', '$&$1$$'));
console.log('a1b22'.replace(/[a-z](\d+)/g, (all, digits, at, text) => `${all}|${digits}|${at}|${text};`), 'xay'.replace(/(?<v>a)|(b)/, (...args) => JSON.stringify(args)));
console.log('aaa'.replace(/a/g, () => '$&'), 'aaa'.replaceAll(/a/g, '$&b'), attempt(() => 'aaa'.replaceAll(/a/, 'b')), 'abc'.replace(/x/, 'y'), 'abab'.replace(/b/y, 'x'), ''.replace(/(?:)/g, '-'), 'abc'.replace(/(?:)/g, '-'), '\u{1F600}x'.replace(/(?:)/gu, '-'), '\u{1F600}x'.replace(/(?:)/g, '-').length);
console.log('a1b2c3'.split(/\d/), 'a1b2c3'.split(/(\d)/), 'a1b2c3'.split(/(\d)/, 3), 'abc'.split(/(?:)/), ''.split(/x/), ''.split(/(?:)/), 'abc'.split(/b/, 0), 'a, b ,c'.split(/\s*,\s*/), 'A<B>bold</B>and<CODE>coded</CODE>'.split(/<(\/)?([^<>]+)>/), 'ab'.split(/$/), 'ab'.split(/a*?/), 'ab'.split(/a*/), 'test'.split(/(?=s)/), 'aXbxc'.split(/x/i), 'a\nb\r\nc'.split(/\r?\n/));
console.log(attempt(() => 'abc'.includes(/b/)), attempt(() => 'abc'.startsWith(/a/)), attempt(() => 'abc'.endsWith(/c/)), 'a/b/'.indexOf(/b/));
console.log(new RegExp('a/b'), new RegExp('[/]'), new RegExp('\\/'), new RegExp('\n\r\u2028'), new RegExp(''), new RegExp(), new RegExp(undefined, 'g'), new RegExp(null), new RegExp(123), new RegExp(['a', 'b']), RegExp('x'), new RegExp('a\\\nb').source);
const copy = new RegExp(re), changed = new RegExp(re, 'm');
console.log(copy, changed, copy === re, RegExp(re) === re, RegExp(re, 'g') === re, new RegExp('/', 'y').toString());
console.log(attempt(() => new RegExp('(')), attempt(() => new RegExp('a', 'gg')), attempt(() => new RegExp('a', 'q')), attempt(() => RegExp.prototype.exec.call({}, 'a')), attempt(() => RegExp.prototype.global), RegExp.prototype.source, RegExp.prototype.flags, RegExp.prototype.toString());
console.log(typeof /a/, /a/ instanceof RegExp, Object.prototype.toString.call(/a/), JSON.stringify({ r: /a/g }), Object.keys(/a/), Object.getOwnPropertyNames(/a/), Object.getOwnPropertyDescriptor(/a/g, 'lastIndex'), RegExp.length, RegExp.name);
console.log([/a/, { b: /c/i }], Object.assign(/x/, { y: 1 }), { a: { b: { c: /deep/ } } }, { a: { b: { c: { d: /deep/ } } } }, [[[[/x/]]]]);
class Sub extends RegExp { find(s) { const m = this.exec(s); return m && m[0]; } }
const sub = new Sub('b+', 'g');
console.log(sub, sub.find('abbb'), sub.lastIndex, sub instanceof RegExp, 'abbb'.replace(sub, '-'), sub.flags);
const frozen = Object.freeze(/a/g);
console.log(attempt(() => frozen.test('a')), attempt(() => { frozen.lastIndex = 3; }), attempt(() => Object.freeze(/a/).test('a')), delete /a/.x);
const sticky = /foo/y;
console.log(sticky.test('foobarfoo'), sticky.lastIndex, sticky.test('foobarfoo'), sticky.lastIndex, (sticky.lastIndex = 6, sticky.test('foobarfoo')), sticky.lastIndex);
console.log(/\u{1F600}/u.test('\u{1F600}'), /^.$/.test('\u{1F600}'), /^.$/u.test('\u{1F600}'), /[\u{1F600}-\u{1F610}]/u.exec('x\u{1F605}').index, /\ud83d/.test('\u{1F600}'), /\ud83d/u.test('\u{1F600}'), /(?<=\ud83d)\ude00/.test('\u{1F600}'));
const u = /./gu; u.lastIndex = 1; console.log(u.exec('\u{1F600}b')[0].length, u.lastIndex);
for (const [text, type] of tokens('let x1 = 42 + "a\\"b"; // end')) console.log(JSON.stringify(text), type);
function tokens(source) {
  const rules = [['space', /\s+/y], ['comment', /\/\/.*/y], ['number', /\d+(?:\.\d+)?/y], ['name', /[A-Za-z_]\w*/y], ['string', /"(?:[^"\\]|\\.)*"/y], ['sign', /[=+;]/y]];
  const out = [];
  for (let at = 0; at < source.length;) {
    const rule = rules.find(([, r]) => { r.lastIndex = at; return r.test(source); });
    if (rule[0] !== 'space') out.push([source.slice(at, rule[1].lastIndex), rule[0]]);
    at = rule[1].lastIndex;
  }
  return out;
}
function count(text) { const words = {}; for (const w of text.toLowerCase().match(/\b[a-z']+\b/g)) words[w] = (words[w] || 0) + 1; return words; }
console.log(count("It's the end; the END it is, isn't it?"));
let hot = 0;
for (let i = 0; i < 300; i++) { if (/^(\d+)-\1$/.test(i % 7 + '-' + i % 5)) hot++; hot += 'a-b-c'.split(/-/).length; hot += 'x1y2'.replace(/\d/g, d => d * i).length; }
console.log(hot);
const long = 'ab'.repeat(1500);
console.log(long.match(/ab/g).length, long.replace(/b/g, '').length, long.split(/b/).length, /^(?:ab)*$/.test(long), /^(ab)*?$/.exec(long)[1], /(?:a|b)*c/.test(long.slice(0, 2000)));
console.log(attempt(() => JSON.stringify(/a(?=b)/.exec('ab'))), /a{2,3}?/.exec('aaaa')[0], /(?:a{0,2}){1,3}b/.exec('aaaab')[0], /(a?)*?$/.exec('aa')[1], /((a)|(b))+/.exec('ab'));
