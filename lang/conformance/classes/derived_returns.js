'use strict';
// What a derived constructor returns is judged when it has been left: its own handlers do not see the error.
class Base { constructor() { this.base = true; } }
const log = [];
function attempt(what, C) {
  log.length = 0;
  try { const o = new C(1); log.push(JSON.stringify(o)); } catch (e) { log.push(e.constructor.name + ': ' + e.message); }
  console.log(what, '|', log.join(', '));
}
attempt('number in try', class extends Base {
  constructor() { try { return 0; } catch (e) { log.push('caught'); super(); } }
});
attempt('number after super', class extends Base {
  constructor() { super(); try { return 'x'; } catch (e) { log.push('caught'); } finally { log.push('finally'); } }
});
attempt('undefined before super', class extends Base {
  constructor() { try { return; } catch (e) { log.push('caught'); super(); } }
});
attempt('super in finally', class extends Base {
  constructor() { try { return; } finally { super(); log.push('finally'); } }
});
attempt('object', class extends Base {
  constructor() { try { return { own: 1 }; } catch (e) { log.push('caught'); } }
});
attempt('finally overrides', class extends Base {
  constructor() { try { return 5; } finally { return { from: 'finally' }; } }
});
attempt('loop', class extends Base {
  constructor() {
    const it = { [Symbol.iterator]() { return this; }, next: () => ({ done: false }), return() { log.push('closed'); return {}; } };
    for (const x of it) return 1;
  }
});
attempt('arrow calls super', class extends Base {
  constructor() { const f = () => super(); try { f(); return 3; } catch (e) { log.push('caught'); } }
});
attempt('catch returns', class extends Base {
  constructor() { try { throw 1; } catch (e) { return null; } }
});
attempt('nested', class extends Base {
  constructor() { super(); try { try { return true; } catch (e) { log.push('inner'); } } catch (e) { log.push('outer'); } }
});
class Hot extends Base {
  constructor(n) { super(); this.n = n; try { if (n % 3 === 0) return; if (n % 3 === 1) return { n: -1 }; } catch (e) { this.n = 'caught'; } }
}
let total = 0;
for (let i = 0; i < 3000; i++) total += new Hot(i).n;
console.log(total);
// Private methods and accessors may be initialized once per object, a getter and a setter together.
class Giver { constructor(o) { return o; } }
for (const C of [
  class A extends Giver { get #p() { return 1; } },
  class B extends Giver { set #p(v) {} },
  class C extends Giver { get #p() { return 1; } set #p(v) {} static read(o) { return o.#p; } },
  class D extends Giver { #m() {} },
  class E extends Giver { #f = 1; },
]) {
  const o = {};
  new C(o);
  try { new C(o); console.log('twice', C.name); } catch (e) { console.log(e.constructor.name, e.message); }
  if (C.read) console.log(C.read(o));
}
