'use strict';
// `super` in hot code: parents whose members change, methods moved to other parents, one text for many classes.

class Base {
  constructor(x) {
    this.x = x;
  }
  value(k) {
    return this.x + k;
  }
  get half() {
    return this.x / 2;
  }
  static make(x) {
    return new this(x);
  }
}
Base.prototype.label = 'base';

class Middle extends Base {}

class Leaf extends Middle {
  value(k) {
    return super.value(k) * 2;
  }
  text() {
    return super.label + ':' + super.nothing + ':' + super.half;
  }
  later() {
    return [1, 2].map(k => super.value(k)).join();
  }
  static make(x) {
    return super.make(x + 1);
  }
}

function repeat(name, f, times = 2000) {
  let last;
  for (let i = 0; i < times; i++) last = f(i);
  console.log(name, last);
}

const leaf = new Leaf(5);
const all = () => {
  repeat('value', i => leaf.value(i));
  repeat('text', () => leaf.text(), 500);
  repeat('later', () => leaf.later(), 500);
  repeat('make', i => Leaf.make(i).value(1), 500);
};
all();

// A member appears nearer by.
Middle.prototype.value = function (k) {
  return -k;
};
Middle.prototype.label = 'middle';
all();

// It changes, becomes an accessor, goes.
Middle.prototype.value = function (k) {
  return this.x * k;
};
all();
Object.defineProperty(Middle.prototype, 'label', { get() { return 'got ' + this.x; }, configurable: true });
repeat('accessor', () => leaf.text(), 500);
delete Middle.prototype.label;
delete Middle.prototype.value;
all();
Base.prototype.label = 'base again';
repeat('stored', () => leaf.text(), 500);

// The home object gets another parent in the middle of a loop.
const other = { value: k => 'other ' + k, label: 'other', nothing: 0, half: 1, __proto__: null };
let last;
for (let i = 0; i < 3000; i++) {
  if (i === 2500) Object.setPrototypeOf(Leaf.prototype, other);
  last = Leaf.prototype.value.call(leaf, i);
}
console.log(last, leaf.text());
Object.setPrototypeOf(Leaf.prototype, null);
try {
  leaf.value(1);
} catch (e) {
  console.log(e.constructor.name);
}
Object.setPrototypeOf(Leaf.prototype, Middle.prototype);
all();

// One text, many classes: each closure has its own parent.
const mixin = Parent => class extends Parent {
  constructor(x) {
    super(x);
    this.mixed = x;
  }
  value(k) {
    return super.value(k) + this.mixed;
  }
};
class Odd {
  constructor(x) {
    this.y = x;
  }
  value(k) {
    return 'odd ' + (this.y + k) + ' ';
  }
}
const First = mixin(Base);
const first = new First(3);
repeat('one mixin', i => first.value(i));
const Second = mixin(Odd);
const second = new Second(4);
repeat('two mixins', i => (i % 2 ? first : second).value(i));
repeat('the other', i => second.value(i));
repeat('made', i => new (i % 2 ? First : Second)(i).value(1));

// Object literals, whose methods are made anew each time.
const parent = { hello() { return 'hello ' + this.name; } };
const make = name => ({ __proto__: parent, name, hello() { return super.hello() + '!'; } });
repeat('literals', i => make('n' + i).hello(), 500);
const fixed = make('fixed');
repeat('a literal', () => fixed.hello(), 500);

// `super` before `this` is there.
class Early extends Base {
  constructor(x, early) {
    if (early) super.value(1);
    super(x);
  }
}
let errors = 0;
for (let i = 0; i < 1000; i++) {
  try {
    new Early(i, i > 900);
  } catch (e) {
    if (e instanceof ReferenceError) errors++;
  }
}
console.log(errors);
