// Finds the engine: the addon beside this file where it was built, or in the package of this platform that npm has put beside this
// one; where none fits, WebAssembly, which answers the same, slower and on one thread.
'use strict';

const { files } = require('./paths.js');
const { PLATFORMS, platform } = require('./platform.js');
const { Tape } = require('./tape.js');

/** What `require` finds; nothing where there is no such thing. What is there and does not load says why. */
function found(place, missing) {
  try {
    return require(place);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    missing.push(error);
    return undefined;
  }
}

/** WebAssembly sees no files: what is named by path is read here. */
function fallback(missing) {
  const native = found('byleave-wasm/fallback', missing)?.native;
  if (native === undefined) return undefined;
  const read = (what) => ({ ...what, paths: [], texts: [...files(what.paths), ...what.texts] });
  return {
    Tape,
    native: {
      ...native,
      build: (what, limits) => native.build(read(what), limits),
      check: (what) => native.check(read(what)),
    },
  };
}

function load() {
  const name = platform();
  const missing = [];
  const addon = (place) => {
    const native = found(place, missing);
    return native === undefined ? undefined : { native, Tape };
  };
  const asked = process.env.BYLEAVE_FALLBACK;
  const engine =
    (asked ? undefined : (addon(`./byleave.${name}.node`) ?? addon(`byleave-${name}`))) ?? fallback(missing);
  if (engine !== undefined) return engine;
  const known = PLATFORMS.includes(name) && !asked;
  throw new Error(
    known
      ? `neither byleave-${name} nor byleave-wasm is installed: install byleave again, with optional dependencies`
      : `byleave is not built for ${name}, and byleave-wasm is not installed: install byleave again, with optional dependencies`,
    { cause: missing },
  );
}

module.exports = load();
