'use strict';
// Of Node's `os` what does not depend on the machine.
module.exports = { EOL: '\n', devNull: '/dev/null', platform: () => process.platform };
host.missing(
  module.exports, 'os', 'arch', 'availableParallelism', 'constants', 'cpus', 'endianness', 'freemem', 'getPriority', 'homedir',
  'hostname', 'loadavg', 'machine', 'networkInterfaces', 'release', 'setPriority', 'tmpdir', 'totalmem', 'type', 'uptime',
  'userInfo', 'version',
);
