'use strict';
// Shortest round-trip decimal, with exponents from 1e21 upward and below 1e-6.
const values = [0.1, 0.2, 0.1 + 0.2, 1 / 3, 2 / 3, 100, 1e5, 123456789012345680000, 1e20, 1e21, 1.5e21, 1e-5, 1e-6, 1e-7, 1.23e-7, 123e-20,
  0.000001234, 5e-324, 1.7976931348623157e308, 4.35, 0.5, 1e100, 123.456, -1e-7, -1e21, 9007199254740993, 0.1 * 3, 1.005, 1e16, 12345678.9];
for (const v of values) console.log(v, String(v), v + '', `${v}`);
console.log(0x10, 0b101, 0o17, 1_000_000, .5, 5., 1e3, 1E-3, 0xffffffff);
console.log([1.0, 2.50, -3.14], { pi: 3.14159, e: 2.718281828459045 });
console.log(1.0 === 1, 1.10 === 1.1, 0.1 + 0.7, 1.1 * 3, 4.35 * 100, 1.15 + 2.3, 0.3 - 0.1);
