'use strict';
// syntax: 3
class A { m() { return this.#nope; } }
