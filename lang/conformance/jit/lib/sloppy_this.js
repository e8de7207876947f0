// Sloppy code: `this` is an object.
exports.type = function () { return typeof this; };
exports.value = function () { return typeof this; };
