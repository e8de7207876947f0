'use strict';
// Of Node's `fs` reading and writing whole text files. Bytes would be a Buffer, which the engine does not have.
function checkPath(path) {
  if (typeof path !== 'string') throw host.argumentError('path', 'of type string or an instance of Buffer or URL', path);
}

function encodingOf(options, method) {
  const encoding = typeof options === 'string' ? options : options && options.encoding;
  for (const name in typeof options === 'object' && options) {
    if (name !== 'encoding' && name !== 'flag') host.refuse(`fs.${method} with the option ${name}`);
  }
  if (options && typeof options === 'object' && options.flag !== undefined) host.refuse(`fs.${method} with a flag`);
  return encoding === undefined || encoding === null ? undefined : String(encoding).toLowerCase();
}

function readFileSync(path, options) {
  const encoding = encodingOf(options, 'readFileSync');
  if (typeof path === 'number') host.refuse('fs.readFileSync of a file descriptor');
  checkPath(path);
  if (encoding !== undefined && !['utf8', 'utf-8', 'latin1', 'ascii', 'binary'].includes(encoding)) host.refuse(`the encoding ${encoding}`);
  const text = host.readFile(path, encoding === 'latin1' || encoding === 'binary' || encoding === 'ascii' ? encoding : 'utf8');
  if (encoding === undefined) host.refuse('fs.readFileSync without an encoding');
  return text;
}

function textOf(data, method) {
  if (typeof data !== 'string') host.refuse(`fs.${method} of anything but a string`);
  return data;
}

function checkWritten(options, method) {
  const encoding = encodingOf(options, method);
  if (encoding !== undefined && encoding !== 'utf8' && encoding !== 'utf-8') host.refuse(`the encoding ${encoding}`);
}

function writeFileSync(path, data, options) {
  checkWritten(options, 'writeFileSync');
  if (typeof path === 'number') host.refuse('fs.writeFileSync of a file descriptor');
  checkPath(path);
  host.writeFile(path, textOf(data, 'writeFileSync'), false);
}

function appendFileSync(path, data, options) {
  checkWritten(options, 'appendFileSync');
  if (typeof path === 'number') host.refuse('fs.appendFileSync of a file descriptor');
  checkPath(path);
  host.writeFile(path, textOf(data, 'appendFileSync'), true);
}

function existsSync(path) {
  return typeof path === 'string' && host.fileExists(path);
}

module.exports = { readFileSync, writeFileSync, appendFileSync, existsSync };
host.missing(
  module.exports, 'fs', 'access', 'accessSync', 'appendFile', 'chmod', 'chmodSync', 'chown', 'chownSync', 'close', 'closeSync',
  'constants', 'copyFile', 'copyFileSync', 'cp', 'cpSync', 'createReadStream', 'createWriteStream', 'exists', 'fstat',
  'fstatSync', 'fsync', 'fsyncSync', 'ftruncateSync', 'linkSync', 'lstat', 'lstatSync', 'mkdir', 'mkdirSync', 'mkdtemp',
  'mkdtempSync', 'open', 'openSync', 'opendir', 'opendirSync', 'promises', 'read', 'readSync', 'readFile', 'readdir',
  'readdirSync', 'readlink', 'readlinkSync', 'realpath', 'realpathSync', 'rename', 'renameSync', 'rm', 'rmSync', 'rmdir',
  'rmdirSync', 'stat', 'statSync', 'Stats', 'symlink', 'symlinkSync', 'truncate', 'truncateSync', 'unlink', 'unlinkSync',
  'unwatchFile', 'utimes', 'utimesSync', 'watch', 'watchFile', 'write', 'writeFile', 'writeSync',
);
