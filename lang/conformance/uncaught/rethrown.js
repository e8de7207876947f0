'use strict';
// exit: 1
// stderr: RangeError: second
try { throw new Error('first'); } catch (e) { console.log('caught', e.message); throw new RangeError('second'); }
