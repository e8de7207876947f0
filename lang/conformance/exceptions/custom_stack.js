// The stack of a derived error begins where it was made: its constructors are left out, at every level.
class Base extends Error { constructor(m) { super(m); this.name = 'Base'; } }
class Derived extends Base { constructor(m) { super(m); this.code = 7; } }
function make(C) { return new C('text'); }
const first = (e) => e.stack.split('\n')[1].trim().split(' ').slice(0, 2).join(' ');
for (const C of [Error, Base, Derived]) {
  let e;
  for (let i = 0; i < 2000; i++) e = make(C);
  console.log(first(e), String(e));
}
function hidden() { const o = {}; Error.captureStackTrace(o, hidden); return o; }
function caller() { return hidden(); }
console.log(first(caller()));
const line = (e) => e.stack.split('\n')[0];
const renamed = new Error('a'); renamed.message = 'b'; renamed.name = 'Foo'; console.log(line(renamed));
class Field extends Error { name = 'Field'; }
class Plain extends Error {}
console.log(line(new Base('x')), line(new Field('x')), line(new Plain('x')));
Plain.prototype.name = 'Later';
console.log(line(new Plain('x')));
