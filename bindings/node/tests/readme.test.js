// The README does what it says: its examples run in order, and print what stands below them.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const test = require('node:test');
const folder = require('./folder.js');

const HERE = path.resolve(__dirname, '..');
// The ledger's section is run by its own test: WebAssembly, on which these are run too, has none.
const README = fs.readFileSync(path.join(HERE, 'README.md'), 'utf8').replace(/\n## Consent, kept and proven\n.*?(?=\n## )/s, '');
const EXAMPLE = path.resolve(HERE, '../../examples/node/decide.mjs');

/** Runs a module where a host would have it: beside the packages that it has installed. */
function printed(code) {
  const host = folder();
  fs.mkdirSync(path.join(host, 'node_modules'));
  fs.symlinkSync(HERE, path.join(host, 'node_modules', 'byleave'), 'junction');
  fs.writeFileSync(path.join(host, 'main.mjs'), code);
  const ran = spawnSync(process.execPath, ['main.mjs'], { cwd: host, encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout;
}

test('every example prints what it says', () => {
  const blocks = [...README.matchAll(/```js\n(.*?)```\n+```text\n(.*?)```/gs)];
  assert.equal(blocks.length, 5);
  assert.equal(README.split('```js').length - 1, blocks.length);
  const [[, first]] = blocks;
  assert.equal(first, fs.readFileSync(EXAMPLE, 'utf8'));
  const code = blocks.map(([, it]) => it).join('');
  assert.equal(printed(code), blocks.map(([, , said]) => said).join(''));
});

test('the example runs by itself', () => {
  assert.ok(printed(fs.readFileSync(EXAMPLE, 'utf8')).startsWith('defer 2026-07-02T08:00:00-04:00\n'));
});
