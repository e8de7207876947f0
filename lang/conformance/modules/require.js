'use strict';
// Relative modules are run once; exports may be replaced; state is shared.
const counter = require('./lib/counter');
const again = require('./lib/counter.js');
const Shape = require('./lib/shape');
console.log(counter === again, counter.next(), again.next(), counter.name);
console.log(new Shape('sq').describe(), Shape.count, require('./lib/shape').count);
console.log(require('./lib/values.json').list);
console.log(typeof module, typeof exports, module.exports === exports, typeof __filename, typeof __dirname, __filename.endsWith('require.js'));
exports.own = 1;
console.log(module.exports, this === module.exports);
try { require('./lib/does-not-exist'); } catch (e) { console.log(e.message.split('\n')[0], e.code); }
try { require('./lib/throws'); } catch (e) { console.log(e.message); }
