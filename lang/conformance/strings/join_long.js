'use strict';
// Joins of long texts: what is copied and what is only referred to reads the same, and a result beyond the greatest
// length is an error before anything of that size exists.
const long = 'abcdefgh'.repeat(1000);
const wide = '日本'.repeat(3000);
function shape(s) {
  let sum = 0;
  for (let i = 0; i < s.length; i += 97) sum = (sum * 31 + s.charCodeAt(i)) | 0;
  return `${s.length} ${sum}`;
}
console.log(shape([1, long, 'x', long, null, wide, 2.5, undefined, long].join()));
console.log(shape(['a', 'b', 'c', 'd'].join(long)), shape([long, wide].join('é')), shape(new Array(9).join(wide)));
console.log(shape(`${[long, [long, [wide, 'é']], 7]}`), [long].join() === long, ['', long, ''].join('') === long);
console.log(shape([long, long].join(long)), [long, 'b'].join('').indexOf('hb'), shape([[], long, [[]]].toLocaleString()));

// Each level is a bit longer than two of the one below: ten levels below the limit, and then beyond it.
let level = 'level'.repeat(100000);
let levels = 0;
let read = 0;
let said = '';
while (said === '' && levels < 100) {
  try {
    level = [level, levels, level].join('-');
    levels++;
    read += level.length + level.charCodeAt(levels * 7);
  } catch (e) {
    said = `${e.name}: ${e.message}`;
  }
}
console.log(levels, read, said);

// Many at the limit: none of them may cost what its length says.
const most = 'm'.repeat((1 << 28) - 5);
let failures = 0;
for (let i = 0; i < 400; i++) {
  try {
    read += 'ab'.repeat((1 << 27) + i).length ;
    [most, i, most].join();
  } catch (e) {
    failures += e instanceof RangeError ? 1 : 1000;
  }
}
read += 'pad'.padEnd(1 << 22, 'filler').length;
console.log(failures, read);
for (const n of [1, 2, 3, 1000, 65535, 65536, 65537, 100003, 1048575, 1048577]) {
  const parts = ['a', 'ab', 'é日', 'seventeen letters', long].map((t) => shape(t.repeat(Math.ceil(n / t.length))));
  console.log(n, parts.join(' '), shape('p'.padStart(n, 'xyz')), shape(wide.padEnd(n, long)), shape('日'.padEnd(n)));
}
const order = [];
const loud = (name) => ({ toString() { order.push(name); return long; } });
try {
  [loud('a'), 'x'.repeat((1 << 29) - 24 - 8001), loud('b'), loud('c'), loud('d')].join();
} catch (e) {
  order.push(e.message);
}
console.log(order.join());

// Mostly holes.
const gaps = [1, , , 2];
gaps.length = 1 << 22;
console.log(shape(gaps.join()), shape(gaps.join('')), new Array(3).join(''), [, 1, ,].join('-'));
for (const n of [(1 << 29) - 23, (1 << 29) - 22, 4294967295]) {
  try {
    console.log(new Array(n).join().length);
  } catch (e) {
    console.log(n, e.message);
  }
}
