'use strict';
// exit: 1
// stderr: Custom: own name
class Custom extends Error { constructor(m) { super(m); this.name = 'Custom'; } }
try { console.log('in try'); throw new Custom('own name'); } finally { console.log('finally runs'); }
