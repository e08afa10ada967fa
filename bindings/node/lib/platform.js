// Which addon this machine takes.
'use strict';

const fs = require('node:fs');

/** Operating system, processor and C library as packages are named; `package.json` builds for the same ones. */
const PLATFORMS = [
  'linux-x64-gnu',
  'linux-arm64-gnu',
  'linux-x64-musl',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
  'win32-arm64-msvc',
];

/** Where a program names what loads it, at most: it stands before the code. */
const HEAD = 4096;

/** The first bytes of the program that runs. */
function head() {
  let file;
  try {
    file = fs.openSync(process.execPath, 'r');
    const bytes = Buffer.alloc(HEAD);
    return bytes.toString('latin1', 0, fs.readSync(file, bytes, 0, HEAD, 0));
  } catch {
    return '';
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/**
 * Whether the C library is musl: Node's own program names it by what loads it. A report of Node's would say it too, and would ask
 * the network for the names of those to whom it is connected: nothing here does.
 */
const isMusl = () => head().includes('/ld-musl-');

/** This machine's, whether or not it is built for. */
function platform() {
  const { platform: system, arch } = process;
  if (system === 'linux') return `${system}-${arch}-${isMusl() ? 'musl' : 'gnu'}`;
  return system === 'win32' ? `${system}-${arch}-msvc` : `${system}-${arch}`;
}

module.exports = { PLATFORMS, platform };
