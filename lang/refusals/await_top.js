'use strict';
// refuse: 3 async
const f = async () => { await null; };
f();
