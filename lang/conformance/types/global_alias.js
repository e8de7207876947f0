'use strict';
// The global object under its names, dates under their old one, and years before the first.
console.log(global === globalThis, typeof global, global.global === global, 'global' in globalThis);
var root = typeof global !== 'undefined' ? global : this;
console.log(root.Math === Math);
console.log(new Date(0).toGMTString(), Date.prototype.toGMTString === Date.prototype.toUTCString);
console.log(new Date(-62198755200000).toUTCString(), new Date(-62198755200000).toISOString());
for (const f of ['toISOString', 'toString', 'toJSON', 'getTime', 'setTime']) {
  for (const v of [{}, null, 5]) {
    try { console.log(f, Date.prototype[f].call(v)); } catch (e) { console.log(f, e.message); }
  }
}
