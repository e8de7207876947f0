'use strict';
// refuse: 3:1 import
import('./other.js');
