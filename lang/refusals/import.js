'use strict';
// refuse: 3:1 import
import fs from 'fs';
console.log(fs);
