// What a host gets: `node tests/installed.mjs FOLDER` installs the tarballs that pack.mjs has put there into an empty project,
// without a network, and runs the example of README.md from there, by `import` and by `require`.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.resolve(process.argv[2]);
const tarballs = fs.readdirSync(folder).filter((it) => it.endsWith('.tgz')).map((it) => path.join(folder, it));
assert.equal(tarballs.length, 2, 'the package and one addon');

const project = fs.mkdtempSync(path.join(os.tmpdir(), 'byleave-installed-'));
function run(command, ...args) {
  const ran = spawnSync(command, args, { cwd: project, encoding: 'utf8', shell: process.platform === 'win32' && command === 'npm' });
  assert.equal(ran.status, 0, `${command} ${args.join(' ')}\n${ran.stdout}\n${ran.stderr}`);
  return ran.stdout;
}

fs.writeFileSync(path.join(project, 'package.json'), '{"private": true}\n');
// An empty cache as well: nothing comes from an earlier install.
run('npm', 'install', '--offline', '--no-audit', '--no-fund', '--cache', path.join(project, 'cache'), ...tarballs);

const readme = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const [, esm, said] = /```js\n(.*?)```\n+```text\n(.*?)```/s.exec(readme);
const cjs = esm.replace(/^import \{ (\w+) \} from '(\w+)';$/m, "const { $1 } = require('$2');");
assert.notEqual(esm, cjs);
for (const [name, code] of [['main.mjs', esm], ['main.cjs', cjs]]) {
  fs.writeFileSync(path.join(project, name), code);
  assert.equal(run(process.execPath, name), said, name);
}
const installed = (name) => path.join(project, 'node_modules', name);
const manifest = JSON.parse(fs.readFileSync(path.join(installed('byleave'), 'package.json'), 'utf8'));
// One a platform, and the build for every other.
assert.equal(Object.keys(manifest.optionalDependencies).length, 9);
assert.equal(manifest.scripts, undefined);
assert.ok(!fs.readdirSync(path.join(installed('byleave'), 'lib')).some((it) => it.endsWith('.node')));
fs.rmSync(project, { recursive: true });
console.log('installed: README.md runs from the tarballs alone, by import and by require');
