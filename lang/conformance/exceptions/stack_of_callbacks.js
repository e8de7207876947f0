'use strict';
// Array methods that call back have lines of their own in stack traces, in every tier.
function lines(e) {
  return e.stack.split('\n').slice(1).map((l) => l.trim().replace(/\(?(\/|[A-Z]:).*[\/\\]([^\/\\]+:\d+:\d+)\)?/, '($2)'));
}
function thrower(x) { throw new Error('x' + x); }
function each(a) { a.forEach(thrower); }
function mapped(a) { return a.map((x) => thrower(x)); }
function kept(a) { a.filter((x) => thrower(x)); }
function reduced(a) { return a.reduce((s, x) => thrower(x), 0); }
function backwards(a) { return a.reduceRight((s, x) => thrower(x), 0); }
function found(a) { return a.find((x) => thrower(x)) || a.findIndex(thrower); }
function every(a) { return a.every(function test(x) { return thrower(x); }); }
function collected(a) { return a.flatMap((x) => thrower(x)); }
class List extends Array {}
for (const f of [each, mapped, kept, reduced, backwards, found, every, collected]) {
  const seen = new Set();
  for (let i = 0; i < 1500; i++) {
    try { f([1, 2, 3]); } catch (e) { if (i % 100 === 0) seen.add(lines(e).slice(0, 4).join('\n  ')); }
  }
  console.log(f.name, seen.size);
  for (const s of seen) console.log('  ' + s);
}
try { each(List.of(1)); } catch (e) { console.log(lines(e).slice(0, 3).join('\n')); }
try { [].reduce((a, b) => a); } catch (e) { console.log(e.message, lines(e)[0]); }
try { [1].forEach(5); } catch (e) { console.log(e.message, lines(e)[0]); }
