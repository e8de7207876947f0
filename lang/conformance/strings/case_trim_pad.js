'use strict';
// Case, trimming, padding, repeating.
console.log('Hello World'.toUpperCase(), 'Hello World'.toLowerCase(), 'éß'.toUpperCase(), 'İ'.toLowerCase().length, 'ÀÉ'.toLowerCase());
console.log('[' + '  \t x y \n '.trim() + ']', '[' + '  x '.trimStart() + ']', '[' + '  x '.trimEnd() + ']', '\u00a0\ufeffz'.trim());
console.log('5'.padStart(3, '0'), '5'.padEnd(3, 'ab'), 'abc'.padStart(2), 'x'.padStart(5) + '|', 'x'.padEnd(5) + '|', 'x'.padStart(6, 'ab'), 'x'.padEnd(4, ''));
console.log('ab'.repeat(3), 'ab'.repeat(0) === '', ''.repeat(100) === '', 'x'.repeat(2.9));
try { 'a'.repeat(-1); } catch (e) { console.log(e.name + ': ' + e.message); }
try { 'a'.repeat(Infinity); } catch (e) { console.log(e.name + ': ' + e.message); }
