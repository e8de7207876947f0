'use strict';
// Functions as constructors, prototype chains, shadowing, changes at a distance.
function Animal(name) { this.name = name; }
Animal.prototype.speak = function () { return this.name + ' makes a sound'; };
Animal.prototype.legs = 4;
function Dog(name) { Animal.call(this, name); this.tricks = []; }
Dog.prototype = Object.create(Animal.prototype);
Dog.prototype.constructor = Dog;
Dog.prototype.speak = function () { return Animal.prototype.speak.call(this) + ': woof'; };
const d = new Dog('Rex');
console.log(d.speak(), d.legs, d instanceof Animal, d.constructor === Dog, Object.getPrototypeOf(d) === Dog.prototype);
d.legs = 3;
console.log(d.legs, new Dog('x').legs, delete d.legs, d.legs);
Animal.prototype.legs = 6;
console.log(d.legs, d.hasOwnProperty('legs'), 'legs' in d);
Animal.prototype.late = function () { return 'late ' + this.name; };
console.log(d.late());
delete Animal.prototype.late;
try { d.late(); } catch (e) { console.log(e.message); }
const base = { greet() { return 'hi ' + this.who; } };
const derived = Object.create(base);
derived.who = 'me';
console.log(derived.greet(), Object.keys(derived), base.isPrototypeOf(derived));
const bare = Object.create(null);
bare.x = 1;
console.log(bare.x, bare.toString, 'toString' in bare, Object.getPrototypeOf(bare), bare);
Object.setPrototypeOf(derived, { greet() { return 'bye ' + this.who; } });
console.log(derived.greet());
