'use strict';
// syntax: 3
for (;;) { continue nowhere; }
