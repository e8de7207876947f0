'use strict';
// info and debug go to standard output; error and warn do not.
console.info('info', 1);
console.debug('debug', [2]);
console.error('this is on standard error');
console.warn('so is this');
process.stdout.write('no newline, ');
process.stdout.write('then one\n');
console.log('done');
