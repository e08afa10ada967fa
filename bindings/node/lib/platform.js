// Which addon this machine takes.
'use strict';

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

/** This machine's, whether or not it is built for. */
function platform() {
  const { platform: system, arch } = process;
  if (system === 'linux') {
    const glibc = process.report?.getReport().header.glibcVersionRuntime;
    return `${system}-${arch}-${glibc ? 'gnu' : 'musl'}`;
  }
  return system === 'win32' ? `${system}-${arch}-msvc` : `${system}-${arch}`;
}

module.exports = { PLATFORMS, platform };
