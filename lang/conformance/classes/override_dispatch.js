'use strict';
// Dynamic dispatch from base constructors and methods.
const log = [];
class Base {
  constructor() { log.push('Base'); this.init(); }
  init() { log.push('Base.init'); }
  template() { return this.before() + '|' + this.body() + '|' + this.after(); }
  before() { return 'b'; }
  body() { return 'base'; }
  after() { return 'a'; }
}
class Mid extends Base { init() { log.push('Mid.init'); super.init(); } body() { return 'mid(' + super.body() + ')'; } }
class Leaf extends Mid { ready = true; init() { log.push('Leaf.init ' + this.ready); super.init(); } after() { return 'leaf'; } }
const x = new Leaf();
console.log(log.join(', '), x.template(), new Mid().template(), x.ready);
Mid.prototype.body = function () { return 'patched'; };
console.log(x.template());
delete Mid.prototype.body;
console.log(x.template());
x.body = () => 'own';
console.log(x.template());
