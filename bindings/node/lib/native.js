// Finds the addon: beside this file where it was built, or in the package of this platform that npm has put beside this one.
'use strict';

const { PLATFORMS, platform } = require('./platform.js');
const { Tape } = require('./tape.js');

function load() {
  const name = platform();
  const missing = [];
  for (const place of [`./byleave.${name}.node`, `byleave-${name}`]) {
    try {
      return require(place);
    } catch (error) {
      // An addon that is there and does not load says why; only one that is not there is looked for elsewhere.
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
      missing.push(error);
    }
  }
  const known = PLATFORMS.includes(name);
  throw new Error(
    known
      ? `the package byleave-${name} is not installed: install byleave again, with optional dependencies`
      : `byleave is not built for ${name}; it is for ${PLATFORMS.join(', ')}`,
    { cause: missing },
  );
}

module.exports = { native: load(), Tape };
