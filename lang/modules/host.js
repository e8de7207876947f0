'use strict';
// What the engine's own modules share. `native` is made by src/runtime/builtins/host_modules.rs.
const host = module.exports = {
  // Members that Node has and the engine lacks: reading one stops the program, assigning one defines it.
  missing(object, path, ...names) {
    for (const name of names) {
      Object.defineProperty(object, name, {
        get: () => native.refuse(`${path}.${name}`),
        set: (value) => void Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true }),
        enumerable: false,
        configurable: true,
      });
    }
  },
};
for (const name of Object.getOwnPropertyNames(native)) host[name] = native[name];
