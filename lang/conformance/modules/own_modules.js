'use strict';
// Node's modules as far as they are there.
const path = require('path'), util = require('node:util'), os = require('os'), fs = require('fs'), EventEmitter = require('events');
function attempt(f) {
  try { return f(); } catch (e) { return [e.name, e.code, e.message].join(' | '); }
}
console.log(path === require('node:path'), path.posix === path, path.sep, path.delimiter, JSON.stringify(os.EOL));
for (const p of ['', '.', '/', '//', 'a/b/../c.txt', '/x//y/./z/', '../up/./a.tar.gz', '.hidden', 'dir/.rc', '/..', 'a/b/']) {
  console.log(JSON.stringify([p, path.normalize(p), path.dirname(p), path.basename(p), path.basename(p, '.txt'), path.extname(p), path.isAbsolute(p)]), path.parse(p), path.format(path.parse(p)));
}
console.log(path.join('a', '', '..', 'b', '/c'), path.join(), path.resolve('/a', 'b', '../c'), path.resolve('/a', '/b') , path.relative('/a/b/c', '/a/d'), path.relative('/a', '/a'), path.relative('/', '/x/y'));
console.log(attempt(() => path.join(1)), attempt(() => path.dirname()), attempt(() => path.basename('a', {})), attempt(() => path.resolve(null)));
console.log(util.format('%s is %d and %j', 'x', 5, { a: 1 }, 'more', [1]), util.format(), util.format(1, 'a'));
console.log(util.inspect({ a: { b: { c: { d: 1 } } } }), util.inspect({ a: { b: { c: { d: 1 } } } }, { depth: 0 }), util.inspect({ a: { b: { c: { d: 1 } } } }, { depth: null }), util.inspect('text'), util.inspect([1, [2]], false, 0), util.inspect({ a: 1, b: 2 }, { breakLength: 5 }));
function Old() { this.made = true; }
function Older() {}
Older.prototype.hello = function () { return 'hello'; };
util.inherits(Old, Older);
console.log(new Old().hello(), new Old() instanceof Older, Old.super_ === Older, Object.keys(Old), new Old(), attempt(() => util.inherits(1, Older)), attempt(() => util.inherits(Old, null)), attempt(() => util.inherits(Old, () => 1)));
// Files.
const file = path.join(__dirname, 'lib', 'values.json');
console.log(fs.existsSync(file), fs.existsSync(file + 'x'), fs.existsSync(), JSON.parse(fs.readFileSync(file, 'utf8')), fs.readFileSync(file, { encoding: 'utf-8' }).length, fs.readFileSync(file, 'latin1').length);
for (const f of [() => fs.readFileSync('/no/such/file', 'utf8'), () => fs.readFileSync('/', 'utf8'), () => fs.writeFileSync('/no/such/file', 'x'), () => fs.appendFileSync('/no/such/file', 'x')]) {
  try { f(); } catch (e) { console.log(e.message, e.errno, e.code, e.syscall, e.path, Object.keys(e)); }
}
console.log(attempt(() => fs.readFileSync(undefined, 'utf8')));
// Events.
const e = new EventEmitter();
const log = [];
console.log(e, EventEmitter.EventEmitter === EventEmitter, e.emit('nothing'));
e.on('a', function (...args) { log.push(['a1', this === e, ...args]); });
e.once('a', (x) => log.push(['once', x]));
e.prependListener('a', (x) => log.push(['first', x]));
console.log(e.emit('a', 1, 2), e.emit('a', 3), log, e.listenerCount('a'), e.eventNames());
const late = () => log.push('late');
e.on('b', () => { log.push('b'); e.off('b', late); e.on('b', () => log.push('new')); });
e.on('b', late);
log.length = 0;
e.emit('b'); e.emit('b');
console.log(log, e.listeners('b').length, e.rawListeners('a').length);
e.on('newListener', (name) => log.push('new ' + name)).on('removeListener', (name) => log.push('gone ' + name));
e.once('c', late);
e.emit('c');
e.removeListener('b', late);
console.log(log.slice(-4), e.eventNames());
console.log(attempt(() => e.emit('error', new RangeError('mine'))), attempt(() => e.emit('error', { odd: 1 })), attempt(() => e.emit('error')), attempt(() => e.on('x', 5)));
e.on('error', (err) => console.log('handled', err));
e.emit('error', 'text');
console.log(e.setMaxListeners(3) === e, e.getMaxListeners(), EventEmitter.defaultMaxListeners);
class Sub extends EventEmitter { constructor() { super(); this.own = 1; } }
const sub = new Sub();
sub.on('x', function named() {}).on('x', () => {});
console.log(sub, sub.removeAllListeners('x'), sub.removeAllListeners());
function Classic() { EventEmitter.call(this); this.z = 1; }
util.inherits(Classic, EventEmitter);
console.log(new Classic().on('q', function () { log.push(this.z); }).emit('q'), log[log.length - 1]);
const sym = Symbol('event');
sub.on(sym, () => {});
console.log(sub.eventNames(), sub.emit(sym));
