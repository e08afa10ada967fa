// A folder of its own for a test, gone when the process ends.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const made = [];
process.on('exit', () => {
  for (const folder of made) fs.rmSync(folder, { recursive: true, force: true });
});

module.exports = function folder() {
  const it = fs.mkdtempSync(path.join(os.tmpdir(), 'byleave-'));
  made.push(it);
  return it;
};
