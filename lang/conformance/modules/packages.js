'use strict';
// Packages in node_modules, their main files, folders, and what is not found.
require('./lib/packages.js');
