// What the library shows of an arguments object whose elements are parameters.
function show(...x) { console.log(...x); }
show(JSON.stringify((function (a, b) { a = 1; return arguments; })(0, 2)), Object.keys((function (a) { a = 1; return arguments; })(0)), Object.getOwnPropertyNames((function (a) { a = 1; return arguments; })(0)));
show(Object.getOwnPropertyDescriptor((function (a) { a = 1; return arguments; })(0), '0'));
show([...(function (a) { a = 1; return arguments; })(0, 1)], Object.assign({}, (function (a) { a = 1; return arguments; })(0, 1)));
