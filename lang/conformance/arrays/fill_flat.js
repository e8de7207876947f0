'use strict';
// fill, flat, flatMap, reverse, at, copyWithin.
console.log(new Array(3).fill(0), [1, 2, 3].fill(9, 1), [1, 2, 3].fill(9, -1), [1, 2, 3, 4].fill('x', 1, 3), Array(2).fill({}));
console.log([1, [2, [3, [4]]]].flat(), [1, [2, [3, [4]]]].flat(2), [1, [2, [3, [4]]]].flat(Infinity), [[], [1], , [2]].flat(), [1, 2].flatMap((x) => [x, x * 2]), [1, 2].flatMap((x) => [[x]]));
console.log([1, 2, 3].reverse(), [].reverse(), [1, 2].reverse(), [1, , 3].reverse(), [1, 2, 3].at(-1), [1, 2, 3].at(5), [1, 2, 3].at(0));
console.log([1, 2, 3, 4, 5].copyWithin(0, 3), [1, 2, 3, 4, 5].copyWithin(1, 0, 3));
