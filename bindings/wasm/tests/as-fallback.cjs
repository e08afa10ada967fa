// The tests of `bindings/node` run on its own JavaScript. Required before them, this gives that JavaScript the WebAssembly build of this
// folder where an addon would fit, as it does where none fits.
'use strict';

const Module = require('node:module');
const path = require('node:path');

process.env.BYLEAVE_FALLBACK = '1';
const POLYFILL = require.resolve('temporal-polyfill');
const resolve = Module._resolveFilename;

Module._resolveFilename = function resolved(name, ...rest) {
  if (name === 'byleave-wasm/fallback') return path.resolve(__dirname, '../dist/fallback.cjs');
  return name === 'temporal-polyfill' ? POLYFILL : resolve.call(this, name, ...rest);
};
