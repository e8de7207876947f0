'use strict';
// concat flattens one level; join prints null and undefined empty.
console.log([1].concat(2, [3], [[4]]), [].concat(), [1].concat([], [[]]), [1, , 2].concat([, 3]), [].concat('ab', { a: 1 }));
console.log([1, 2, 3].join(), [1, 2, 3].join(''), [1, 2, 3].join(' - '), [].join(), [null].join(), [undefined, 1].join(), [[1, 2], [3]].join(';'), [1.5, -0, true, 'x'].join(), [1, , 3].join());
console.log(String([1, [2, [3, []]]]), [] + [], [1] + [2], `${[1, 2]}`);
const cyclic = [1];
cyclic.push(cyclic);
console.log(cyclic.join());
