'use strict';
// Tagged templates: strings, raw strings, values, and one strings object per site.
const tag = (s, ...v) => s.join('|') + '/' + s.raw.join('|') + '/' + v.join(',');
console.log(tag`x`, tag`a${1}b${2}c`, tag`\n${'v'}`);
const same = (s) => s;
const site = () => same`one${0}two`;
console.log(site() === site(), site() === same`one${0}two`, Object.isFrozen(site()), site().length);
const o = { name: 'o', tag(s) { return this.name + s[0]; } };
console.log(o.tag`!`);
