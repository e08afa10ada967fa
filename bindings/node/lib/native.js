// Finds the engine: the addon beside this file where it was built, or in the package of this platform that npm has put beside this
// one; where none fits, WebAssembly, which answers the same, slower and on one thread.
'use strict';

const { files } = require('./paths.js');
const { PLATFORMS, platform } = require('./platform.js');
const { Tape } = require('./tape.js');

/** What is not there; and what is there, and does not load. */
const missing = [];
const broken = [];

function failed(name, error) {
  (error?.code === 'MODULE_NOT_FOUND' ? missing : broken).push({ name, error });
}

/** The addon that was built here. */
function built(name) {
  try {
    return require(`./byleave.${name}.node`);
  } catch (error) {
    failed(`byleave.${name}.node`, error);
    return undefined;
  }
}

/** The addon that npm has installed. Each is named in full: what copies a program with all that it needs reads these names. */
function installed(name) {
  try {
    switch (name) {
      case 'linux-x64-gnu':
        return require('byleave-linux-x64-gnu');
      case 'linux-arm64-gnu':
        return require('byleave-linux-arm64-gnu');
      case 'linux-x64-musl':
        return require('byleave-linux-x64-musl');
      case 'linux-arm64-musl':
        return require('byleave-linux-arm64-musl');
      case 'darwin-x64':
        return require('byleave-darwin-x64');
      case 'darwin-arm64':
        return require('byleave-darwin-arm64');
      case 'win32-x64-msvc':
        return require('byleave-win32-x64-msvc');
      case 'win32-arm64-msvc':
        return require('byleave-win32-arm64-msvc');
      default:
        return undefined;
    }
  } catch (error) {
    failed(`byleave-${name}`, error);
    return undefined;
  }
}

function wasm() {
  try {
    return require('byleave-wasm/fallback').native;
  } catch (error) {
    failed('byleave-wasm', error);
    return undefined;
  }
}

/** What does not load, and why, in one sentence. */
const why = () => broken.map(({ name, error }) => `${name} does not load (${String(error?.message).split('\n')[0]})`).join('; ');

/** WebAssembly sees no files: what is named by path is read here. */
function fallback() {
  const native = wasm();
  if (native === undefined) return undefined;
  const read = (what) => ({ ...what, paths: [], texts: [...files(what.paths), ...what.texts] });
  return {
    Tape,
    unloaded: why(),
    native: {
      ...native,
      build: (what, limits) => native.build(read(what), limits),
      check: (what) => native.check(read(what)),
    },
  };
}

/** Whether WebAssembly is asked for where an addon would fit. */
function asked() {
  const said = process.env.BYLEAVE_FALLBACK;
  return said !== undefined && said !== '' && said !== '0';
}

function load() {
  const name = platform();
  const forced = asked();
  const addon = forced ? undefined : (built(name) ?? installed(name));
  const engine = addon === undefined ? fallback() : { native: addon, Tape };
  if (engine !== undefined) return engine;
  const again = 'install byleave again, with optional dependencies';
  const none = PLATFORMS.includes(name) && !forced
    ? `neither byleave-${name} nor byleave-wasm is installed`
    : `byleave is not built for ${name}, and byleave-wasm is not installed`;
  const absent = broken.some((it) => it.name === 'byleave-wasm') ? '' : ', and byleave-wasm is not installed';
  const message = broken.length === 0 ? none : `${why()}${absent}`;
  throw new Error(`${message}: ${again}`, { cause: [...broken, ...missing].map((it) => it.error) });
}

module.exports = load();
