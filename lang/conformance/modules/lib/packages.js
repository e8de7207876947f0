console.log(require('pack'), require('pack/lib/extra'), require('pack/data'));
console.log(require('pack') === require('pack/lib/main.js'));
try { require('no-such-package'); } catch (e) { console.log(e.code, e.message.split('\n')[0], e.requireStack.length); }
try { require('./nothing'); } catch (e) { console.log(e.code, e.message.split('\n')[0]); }
try { require(''); } catch (e) { console.log(e.name); }
console.log(typeof require, module.id === __filename, require.main === module, module.loaded);
