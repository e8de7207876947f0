'use strict';
// refuse: 3:1 async
async function later() { return 1; }
later();
