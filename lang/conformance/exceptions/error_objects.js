'use strict';
// Error classes, names, messages, subclassing, cause of toString.
const kinds = [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError];
for (const K of kinds) { const e = new K('msg'); console.log(String(e), e.name, e.message, e instanceof Error, e instanceof K, Object.keys(e), K.name); }
console.log(String(new Error()), new Error().message === '', Error('no new') instanceof Error, String(new TypeError(undefined)), new Error(42).message, new Error(null).message);
class AppError extends Error {
  constructor(code, message) { super(message); this.name = 'AppError'; this.code = code; }
}
class DeepError extends AppError { get detail() { return this.code + ':' + this.message; } }
try { throw new DeepError(7, 'deep'); } catch (e) { console.log(String(e), e.detail, e instanceof AppError, e instanceof Error, e.constructor.name, typeof e.stack, Object.keys(e)); }
const e = new Error('changed');
e.message = 'after';
e.name = 'Renamed';
console.log(String(e), e.toString());
e.name = '';
console.log(String(e));
e.message = '';
console.log(String(e) === '', Object.prototype.toString.call(e));
console.log(new Error('first').stack.split('\n')[0], new RangeError('second').stack.split('\n')[0]);
const caused = new Error('outer', { cause: 'inner' });
console.log(caused.cause, 'cause' in new Error('x'), 'message' in new Error());
