'use strict';
// Precedence and associativity as written.
console.log(2 + 3 * 4 - 6 / 2 % 2, (2 + 3) * 4, 2 ** 3 * 2, -(2 ** 2), 1 + +'2' - -3, 1 < 2 === true, 1 < 2 < 3, 3 > 2 > 1);
console.log(1 | 2 ^ 3 & 4, 1 << 2 + 1, 5 & 3 == 1, !1 + 1, typeof 1 + 1, ~1 + 1, 1 + 2 + '3' + 4 + 5, '3' * '4' + '5');
console.log(true || false && false, (true || false) && false, 1 ? 2 : 3 ? 4 : 5, (1, 2) + 3, 10 - 5 - 2, 2 ** 2 ** 3, 100 / 10 / 5);
console.log(5 > 3 && 2 < 1 || 4 === 4, null ?? (0 || 'x'), 7 & 3 | 8, 1 + 1 << 2 - 1 >> 1);
