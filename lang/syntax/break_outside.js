'use strict';
// syntax: 3
break;
