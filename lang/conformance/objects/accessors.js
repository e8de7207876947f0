'use strict';
// Getters and setters in object literals.
const o = {
  raw: 1,
  get double() { return this.raw * 2; },
  set double(v) { this.raw = v / 2; },
  get ['comp' + 1]() { return 'computed'; },
  get readOnly() { return 'ro'; },
};
console.log(o.double, (o.double = 10), o.raw, o.comp1, o.readOnly);
try { o.readOnly = 1; } catch (e) { console.log(e.name + ': ' + e.message); }
o.double += 4;
o.double++;
console.log(o.raw, o);
const child = Object.create(o);
child.double = 100;
console.log(child.raw, o.raw, Object.keys(child));
const log = [];
const tracked = { get a() { log.push('get'); return 1; }, set a(v) { log.push('set ' + v); } };
tracked.a = tracked.a + 1;
console.log(log, tracked.a);
