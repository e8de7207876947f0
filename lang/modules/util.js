'use strict';
// Of Node's `util` what shows values, and what programs of the ES5 era build classes with.
function inherits(constructor, base) {
  if (constructor == null) throw host.argumentError('ctor', 'of type function', constructor);
  if (base == null) throw host.argumentError('superCtor', 'of type function', base);
  if (base.prototype === undefined) throw host.argumentError('superCtor.prototype', 'of type object', base.prototype);
  Object.defineProperty(constructor, 'super_', { value: base, writable: true, configurable: true });
  Object.setPrototypeOf(constructor.prototype, base.prototype);
}

module.exports = { format: host.format, inspect: host.inspect, inherits, isArray: Array.isArray };
host.missing(
  module.exports.inspect, 'util.inspect', 'custom', 'defaultOptions', 'colors', 'styles',
);
host.missing(
  module.exports, 'util', 'MIMEType', 'MIMEParams', 'TextDecoder', 'TextEncoder', 'aborted', 'callbackify', 'debug', 'debuglog',
  'deprecate', 'formatWithOptions', 'getSystemErrorMap', 'getSystemErrorName', 'isBoolean', 'isBuffer', 'isDate',
  'isDeepStrictEqual', 'isError', 'isFunction', 'isNull', 'isNullOrUndefined', 'isNumber', 'isObject', 'isPrimitive', 'isRegExp',
  'isString', 'isSymbol', 'isUndefined', 'log', 'parseArgs', 'promisify', 'stripVTControlCharacters', 'styleText',
  'toUSVString', 'types',
);
