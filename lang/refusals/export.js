'use strict';
// refuse: 3:1 export
export const x = 1;
