'use strict';
// Nested handlers, rethrow, errors in handlers, order of finally blocks.
const log = [];
function f(depth) {
  try {
    log.push('enter ' + depth);
    if (depth === 0) throw new Error('bottom');
    f(depth - 1);
  } catch (e) {
    log.push('catch ' + depth + ' ' + e.message);
    if (depth < 2) throw new Error(e.message + '/' + depth);
  } finally {
    log.push('finally ' + depth);
  }
}
f(3);
console.log(log.join('\n'));
function inner() { try { try { throw 1; } finally { log.push('inner finally'); } } catch (e) { try { throw e + 1; } catch (e2) { return [e, e2]; } finally { log.push('second'); } } }
console.log(inner(), log.slice(-2));
function returnOrder() { let x = 1; try { return x; } finally { x = 2; } }
function returnObject() { const o = { x: 1 }; try { return o; } finally { o.x = 2; } }
console.log(returnOrder(), returnObject());
function loopFinally() { let s = ''; for (let i = 0; i < 3; i++) { try { if (i === 1) continue; s += i; } finally { s += 'f'; } } return s; }
console.log(loopFinally());
function overriding() { for (;;) { try { return 'try'; } finally { break; } } return 'after loop'; }
console.log(overriding());
function swallow() { try { throw new Error('lost'); } finally { return 'swallowed'; } }
console.log(swallow());
