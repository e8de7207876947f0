'use strict';
// NaN is unordered and unequal to everything; infinities absorb.
const n = NaN;
console.log(n === n, n == n, n !== n, n < 1, n > 1, n <= n, n >= n, Object.is(n, n));
console.log(n + 1, n * 0, 0 / 0, Infinity - Infinity, Infinity * 0, Infinity / Infinity, 5 % 0, Infinity % 5, 5 % Infinity);
console.log(1 / 0, -1 / 0, 1 / -0, Infinity + 1, -Infinity, Infinity > 1e308, -Infinity < -1e308);
console.log(n ? 'truthy' : 'falsy', !n, n || 'or', n && 'and', n ?? 'nullish');
console.log(undefined + 1, 'a' * 2, null + 1, true + true, [] + 1, ({}) - 1, +[], +{}, +[5], +'', +' 12 ', +'1e3', +'0x1f', +'0b11', +'0o17', +'1_000', +'Infinity', +'-Infinity', +'infinity');
console.log(isNaN('a'), Number.isNaN('a'), isFinite('5'), Number.isFinite('5'), Number.isInteger(5.0), Number.isInteger(5.5), Number.isSafeInteger(2 ** 53));
console.log(NaN ** 0, 1 ** Infinity, (-8) ** (1 / 3), 0 ** 0, Infinity ** 0, 2 ** -1, (-2) ** 3, 2 ** 0.5);
console.log([NaN].indexOf(NaN), [NaN].includes(NaN), Math.max(1, NaN), Math.min(NaN, 1), Math.max(), Math.min());
console.log(1e308 * 10, -1e308 * 10, 5e-324 / 2, 5e-324, 1.7976931348623157e308);
