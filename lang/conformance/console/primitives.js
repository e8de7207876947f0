'use strict';
// What console.log prints for primitives at top level and nested.
console.log(1, -0, 1.5, 'str', '', true, null, undefined, NaN);
console.log();
console.log('');
console.log([1, -0, 1.5, 'str', '', true, null, undefined, NaN]);
console.log({ n: 1, z: -0, s: 'str', e: '', t: true, nl: null, u: undefined, nan: NaN });
console.log('a\nb', ['a\nb'], ["it's"], ['say "hi"'], ["both ' and \""], ['all \' " `'], ['tab\t', 'bs\\', '\u0001', '\x7f', 'é', '日本', '😀']);
console.log('multi', 'args', 1, [2], { three: 3 });
console.log({ 'quoted-key': 1, valid_id: 2, $x: 3, 'with space': 4, 5: 5, "it's": 6, 'é': 7 });
