'use strict';
// JSON.parse: values, whitespace, escapes, reviver, errors.
console.log(JSON.parse('{"a":[1,2.5,-3e2,true,false,null,"x\\n\\u0041"],"b":{}}'), JSON.parse(' [ ] '), JSON.parse('"s"'), JSON.parse('-0'), JSON.parse('1e3'));
console.log(JSON.parse('{"a":1,"a":2,"3":3,"1":1}'), JSON.parse('[1,[2]]', (k, v) => (typeof v === 'number' ? v * 10 : v)));
for (const bad of ['', '{', '[1,]', '{"a"}', "{'a':1}", '01', 'undefined', '1 2', '"\n"', 'nul']) try { JSON.parse(bad); console.log('ok?', bad); } catch (e) { console.log(e.name); }
const o = { s: 'x', n: [1, { d: 0.1 }], z: null };
console.log(JSON.stringify(JSON.parse(JSON.stringify(o))) === JSON.stringify(o));
