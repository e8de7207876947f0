'use strict';
// Node's `path` on POSIX systems. `host` is what the engine gives its own modules: see src/vm/native_modules.rs.
function check(value, name) {
  if (typeof value !== 'string') throw host.argumentError(name, 'of type string', value);
}

// Resolves `.` and `..` in the segments between slashes.
function settle(path, absolute) {
  const kept = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept[kept.length - 1] !== '..') kept.pop();
    else if (!absolute) kept.push('..');
  }
  return kept.join('/');
}

function isAbsolute(path) {
  check(path, 'path');
  return path.startsWith('/');
}

function normalize(path) {
  check(path, 'path');
  if (path === '') return '.';
  const absolute = path[0] === '/';
  let text = settle(path, absolute);
  if (text === '') {
    if (absolute) return '/';
    return path.endsWith('/') ? './' : '.';
  }
  if (path.endsWith('/')) text += '/';
  return absolute ? '/' + text : text;
}

function join(...parts) {
  let joined;
  for (const part of parts) {
    check(part, 'path');
    if (part.length > 0) joined = joined === undefined ? part : joined + '/' + part;
  }
  return joined === undefined ? '.' : normalize(joined);
}

function resolve(...parts) {
  let text = '';
  let absolute = false;
  for (let i = parts.length - 1; i >= -1 && !absolute; i--) {
    const part = i >= 0 ? parts[i] : process.cwd();
    check(part, `paths[${i}]`);
    if (part.length === 0) continue;
    text = part + '/' + text;
    absolute = part[0] === '/';
  }
  text = settle(text, absolute);
  if (absolute) return '/' + text;
  return text === '' ? '.' : text;
}

function relative(from, to) {
  check(from, 'from');
  check(to, 'to');
  if (from === to) return '';
  const a = resolve(from).split('/').filter((s) => s !== '');
  const b = resolve(to).split('/').filter((s) => s !== '');
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/');
}

function withoutSlashes(path) {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

function dirname(path) {
  check(path, 'path');
  if (path === '') return '.';
  const text = withoutSlashes(path);
  const at = text.lastIndexOf('/');
  if (at < 0) return '.';
  if (at === 0) return '/';
  const folder = text.slice(0, at);
  return folder === '/' ? '//' : folder;
}

function basename(path, suffix) {
  if (suffix !== undefined) check(suffix, 'suffix');
  check(path, 'path');
  const text = withoutSlashes(path);
  const name = text.slice(text.lastIndexOf('/') + 1);
  // As Node has it: with a suffix that could be cut off, nothing but slashes is its own name.
  if (name === '' && suffix && suffix.length <= path.length) return suffix === path ? '' : path;
  if (suffix !== undefined && suffix.length > 0 && name.length > suffix.length && name.endsWith(suffix)) {
    return name.slice(0, name.length - suffix.length);
  }
  return name;
}

function extname(path) {
  check(path, 'path');
  const name = basename(path);
  const at = name.lastIndexOf('.');
  if (at <= 0 || name === '..') return '';
  return name.slice(at);
}

function parse(path) {
  check(path, 'path');
  const root = path[0] === '/' ? '/' : '';
  const text = withoutSlashes(path);
  const slash = text.lastIndexOf('/');
  const dir = slash > 0 ? text.slice(0, slash) : root;
  const base = basename(path);
  // As Node has it: of `/..` the last dot is an extension.
  const ext = text === '/..' ? '.' : extname(path);
  return { root, dir, base, ext, name: base.slice(0, base.length - ext.length) };
}

function format(parts) {
  if (parts === null || typeof parts !== 'object') throw host.argumentError('pathObject', 'of type object', parts);
  const dir = parts.dir || parts.root;
  const ext = parts.ext ? (parts.ext[0] === '.' ? '' : '.') + parts.ext : '';
  const base = parts.base || (parts.name || '') + ext;
  if (!dir) return base;
  return dir === parts.root ? dir + base : dir + '/' + base;
}

module.exports = { resolve, normalize, isAbsolute, join, relative, toNamespacedPath: (path) => path, dirname, basename, extname, format, parse, sep: '/', delimiter: ':', posix: null };
module.exports.posix = module.exports;
host.missing(module.exports, 'path', 'win32', 'matchesGlob');
