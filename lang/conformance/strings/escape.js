// escape and unescape work on code units; what is no escape stays.
'use strict';
console.log(escape('abc XYZ 019 @*_+-./'), escape('ä€\u{1F600}"%'), escape(''), escape(undefined), escape(12.5));
console.log(unescape('%41%u0042%e4%u20AC'), unescape('%'), unescape('%4'), unescape('%zz%u12%u00zz'), unescape('%u%41'));
console.log(unescape(escape('ä€\u{1F600}"%')) === 'ä€\u{1F600}"%');
console.log(decodeURIComponent(escape(unescape(encodeURIComponent('grüße €')))) === 'grüße €');
console.log(escape.length, unescape.length, escape.name, typeof globalThis.unescape);
try { escape({ toString() { throw new RangeError('no text'); } }); } catch (e) { console.log(e.name, e.message); }
