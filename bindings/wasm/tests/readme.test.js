// The README does what it says: its examples run in order, and print what stands below them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import folder from '../../node/tests/folder.js';
import { HERE } from './chromium.js';

test('every example prints what it says', () => {
  const readme = fs.readFileSync(path.join(HERE, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```js\n(.*?)```\n+```text\n(.*?)```/gs)];
  assert.equal(blocks.length, 3);
  assert.equal(readme.split('```js').length - 1, blocks.length);
  const host = folder();
  fs.mkdirSync(path.join(host, 'node_modules'));
  fs.symlinkSync(HERE, path.join(host, 'node_modules', 'byleave-wasm'), 'junction');
  fs.writeFileSync(path.join(host, 'main.mjs'), blocks.map(([, code]) => code).join(''));
  const ran = spawnSync(process.execPath, ['main.mjs'], { cwd: host, encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  assert.equal(ran.stdout, blocks.map(([, , said]) => said).join(''));
});
