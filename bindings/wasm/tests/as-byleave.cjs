// The tests of `bindings/node` ask for `byleave`. Required before them, this gives them the WebAssembly build in its place, so that
// the same questions get the same answers.
'use strict';

const Module = require('node:module');
const path = require('node:path');

const BUILD = path.resolve(__dirname, '../dist/node.js');
const POLYFILL = require.resolve('temporal-polyfill');
const resolve = Module._resolveFilename;

Module._resolveFilename = function resolved(name, ...rest) {
  if (name === 'byleave') return BUILD;
  // What those tests need besides is installed here as well.
  return name === 'temporal-polyfill' ? POLYFILL : resolve.call(this, name, ...rest);
};
