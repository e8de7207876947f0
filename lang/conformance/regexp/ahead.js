'use strict';
// What the machine decides by looking ahead, against what the language says: choices, loops that keep what they took, lazy
// loops that skip, beginnings, case, surrogates; and the objects around it.

function show(re, ...texts) {
  for (const text of texts) {
    const m = re.exec(text);
    console.log(String(re), JSON.stringify(text), m === null ? 'null' : JSON.stringify([m.index, ...m]));
  }
}

// Choices that one character decides, that it does not decide, that are empty, that are at the end.
show(/a|b/, 'xb', 'xa', 'x', '');
show(/ab|ac|a/, 'xac', 'xad', 'ab', 'a');
show(/(?:a|ab)(?:c|bcd)(d*)/, 'abcd', 'abcbcd', 'ac');
show(/(?:|a)b/, 'ab', 'b', 'cb');
show(/x(?:$|y)/, 'x', 'xy', 'xz', 'zx');
show(/x(?:$|y)/m, 'x\ny', 'xz\nx');
show(/(a)|(b)|(c)/, 'c', 'b', 'd');
show(/(?:(a)|b)*/, 'ab', 'ba', 'bb', '');
show(/(?:a*)*b/, 'aab', 'b', 'aac');
show(/(z)((a+)?(b+)?(c))*/, 'zaacbbbcac');
show(/(?:ab|cd)+(?:ef)?$/, 'abcdef', 'abcdab', 'abcdxef');
show(/(?:a|\u{1F600}|b)+/u, 'xa\u{1F600}b', '\u{1F600}', '\uD83D');
show(/\u{1F600}|\uD83D/u, 'a\uD83D', 'a\u{1F600}', '\uDE00');
show(/\uD83D|\uDE00/, '\u{1F600}');
show(/[^a]\uDE00/, '\u{1F600}', 'a\uDE00');
show(/[^a]$/u, '\u{1F600}', 'a');

// Greedy loops: what follows can, cannot, or may use what they took.
show(/a*b/, 'aaab', 'aaac', 'b');
show(/a*ab/, 'aaab', 'ab', 'b');
show(/\d+\.\d*|\d+/, 'x12.5', 'x12', 'x12.', 'x.5');
show(/\w+\b\s/, 'abc def', 'abc');
show(/[a-z]+[m-z]x/, 'abcmx', 'abcx');
show(/a{2,3}a/, 'aa', 'aaa', 'aaaa');
show(/(a{0,2})(?=a)/, 'aaa', 'a', 'b');
show(/\s*$/, 'ab  ', 'ab', '  x ');
show(/(.*)\n(.*)$/, 'ab\ncd', 'ab\ncd\nef');
show(/(.*)(\d+)/, 'abc123', 'abc');
show(/(\w*)(?!\w)(.)/, 'ab!', 'ab');
show(/(?:[^"\\]|\\.)*"/, 'ab\\"c"', 'ab\\"c');
show(/[^]*x/, 'a\nxb', 'a\nb');
show(/a*\1(b)/, 'aab');

// Lazy loops.
show(/<(.*?)>/, 'a<b>c>', '<>', '<b');
show(/a.*?b$/, 'a1b2b', 'ab', 'abc');
show(/a.{1,2}?b/, 'abb', 'axb', 'axxb', 'axxxb');
show(/a.{0,3}?$/, 'abcd', 'abcde', 'a');
show(/(?:a|b)+?c/, 'abac', 'c');
show(/(?:a|b){2,3}?$/, 'abab', 'ab');
show(/x*?(?=y)/, 'xxy', 'xx');

// Beginnings.
show(/^a/, 'ab', 'ba');
show(/^a|b/, 'ab', 'cb', 'ca', 'ca\nab');
show(/^a|b/m, 'cc\nab', 'cc\nbb', 'cca');
show(/^a*|b*$/, 'aab', 'cb', '');
show(/^\s+|\s+$/, '  a ', 'a  ', 'a');
show(/(?:^|,)x/, 'x', 'a,x', 'ax');
show(/\bfoo\b/, 'a foo b', 'afoo', 'foo');
show(/\Boo/, 'foo', 'oo');
show(/(?=[ab])\w/, 'cb', 'c');
show(/(?!a)[a-c]/, 'ab', 'aa');
show(/$/, 'abc', '');
show(/^$/m, 'a\n\nb', 'a');
show(/(?<=a|bc)d/, 'ad', 'bcd', 'cd');
show(/(?<!a|bc)d/, 'ad', 'bcd', 'cd', 'd');
show(/(?<=(\w)(\w*))!/, 'abc!');
show(/(?<=^|x)a/, 'a', 'ba', 'xa');
show(/(?<=a*?b+)c/, 'aabbc', 'aac');

// Case.
show(/abc|x1/i, 'zABc', 'zX1', 'zX2');
show(/[a-f]+z/i, 'AbCz', 'ABCZ', 'gz');
show(/[^a-f]/i, 'AbCg', 'ABC');
show(/\u00B5/i, '\u03BC', '\u039C', 'm', '\u00B5');
show(/[\u0178]/i, '\u00FF', 'y');
show(/k/i, '\u212A', 'K');
show(/k/iu, '\u212A', 'K');
show(/\w/iu, '\u017F', '\u212A');
show(/\W/iu, '\u017F', 's', '-');
show(/[^s]/iu, '\u017F', 'S', 't');
show(/(a)\1/i, 'aA', 'ab');
show(/stra\u00DFe/i, 'STRA\u00DFE', 'STRASSE');

// lastIndex and flags.
const g = /o|(?:)x/g;
const places = [];
for (let m; (m = g.exec('foo x oxo')) !== null; ) places.push([m.index, m[0], g.lastIndex]);
console.log(JSON.stringify(places), g.lastIndex);
const y = /a|b/y;
y.lastIndex = 1;
console.log(y.test('xab'), y.lastIndex, y.test('xab'), y.lastIndex, y.test('xab'), y.lastIndex);
const odd = /a/g;
odd.lastIndex = { valueOf() { console.log('asked'); return 1; } };
console.log(odd.test('aa'), odd.lastIndex);
odd.lastIndex = -3;
console.log(odd.test('aa'), odd.lastIndex);
odd.lastIndex = 1.9;
console.log(odd.test('aa'), odd.lastIndex);
const still = /a/;
still.lastIndex = { valueOf() { console.log('asked too'); return 1; } };
console.log(still.test('aa'));
const frozen = Object.freeze(/a/g);
try {
  frozen.test('a');
} catch (e) {
  console.log(e.name + ': ' + e.message);
}
const own = /b/g;
Object.defineProperty(own, 'lastIndex', { writable: false, value: 0 });
try {
  own.exec('ab');
} catch (e) {
  console.log(e.name + ': ' + e.message);
}
const more = /b/;
more.extra = 1;
console.log(more.exec('ab').index, Object.keys(more));
class Mine extends RegExp {}
const mine = new Mine('b', 'g');
console.log(mine.exec('ab').index, mine.lastIndex, mine instanceof Mine);

// What exec gives.
const dated = /(?<y>\d{4})-(?<m>\d\d)/d.exec('on 2024-05-06');
console.log(dated.groups.y, dated.groups.m, JSON.stringify(dated.indices), JSON.stringify(dated.indices.groups.m));
console.log(/a(b)?/.exec('xa'), Object.keys(/a/.exec('a')), 'x'.match(/y/));
const many = /(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)/.exec('abcdefghij');
console.log(many.length, many.join('-'), many.input);
const written = /a(b)?/.exec('ab');
written.push('more');
written.index = 'mine';
console.log(written, /a(b)?/.exec('ab'));

// Literals in loops are new objects each time.
const made = [];
for (let i = 0; i < 3; i++) {
  const re = /a/g;
  re.test('aa');
  made.push(re.lastIndex, made.includes(re));
  re.tag = i;
}
console.log(made.join());

// replace, split, match.
console.log('a-b-c'.replace(/-/g, '$&$&'), 'a-b'.replace(/-/, '[$`|$\']'), 'a-b'.replace(/(-)/g, '$1$2$$'));
console.log('abc'.replace(/(?<x>b)/, '<$<x>>'), 'abc'.replace(/b/, '$<x>'), 'aaa'.replace(/a/g, '\u4E2D'));
console.log('abc'.replace(/b/g, (m, at, s) => m.toUpperCase() + at + s), 'xyz'.replace(/q/g, 'r'), 'abc'.replace(/(?:)/g, '_'));
console.log('\u{1F600}a'.replace(/(?:)/gu, '_'), '\u4E2Dab'.replace(/[ab]/g, ''));
console.log('a1b22c'.split(/\d+/), 'a1b22c'.split(/(\d)/), 'abc'.split(/(?:)/), ''.split(/a/), 'a,b'.split(/,/, 1));
console.log('a1b22'.match(/\d/g), 'ab'.match(/\d/g), [...'a1b2'.matchAll(/[a-z](\d)/g)].map((m) => m[1]));

// Many of everything, so that collections and tiers see them.
let sum = 0;
for (let i = 0; i < 1500; i++) {
  const text = 'key' + (i % 97) + '=' + i;
  const m = /^(\w+?)(\d*)=(\d+)$/.exec(text);
  sum = (sum + m.index + m[1].length * m[2].length + Number(m[3]) + text.replace(/\d+/g, '#').length) % 1000003;
}
console.log(sum);
