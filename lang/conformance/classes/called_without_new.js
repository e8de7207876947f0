'use strict';
// Calling a class: with its name in the message, if it has one.
const t = (f) => { try { f(); } catch (e) { console.log(e.message); } };
const x = class {};
t(() => (class {})());
t(() => (class A {})());
t(() => x());
t(() => [class {}][0]());
t(() => [1].map(class {}));
t(() => [1].map(x));
t(() => (class {}).call({}));
