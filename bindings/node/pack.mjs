// Packs what is published: the package itself, and this platform's addon in a package of its own, which the first names among
// its optional dependencies with those of all other platforms.
//
//   node pack.mjs --out FOLDER [--locked …]     what is not said here goes to cargo, as in build.mjs
//
// Each platform packs its own addon so; the package itself is the same wherever it is packed.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import platforms from './lib/platform.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const manifest = JSON.parse(fs.readFileSync(path.join(HERE, 'package.json'), 'utf8'));
const words = process.argv.slice(2);
const at = words.indexOf('--out');
const out = path.resolve(at < 0 ? 'npm' : words.splice(at, 2)[1]);

function run(command, args, cwd) {
  const ran = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' && command === 'npm' });
  if (ran.error) throw ran.error;
  if (ran.status !== 0) throw new Error(`${command} ended with ${ran.status}`);
}

function pack(name, files, json) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'byleave-pack-'));
  for (const [from, to] of files) fs.cpSync(from, path.join(folder, to), { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(json, null, 2)}\n`);
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', out], folder);
  fs.rmSync(folder, { recursive: true });
}

/** What npm is told of a platform: it installs a package only where all of it fits. */
function fits(name) {
  const [system, processor, abi] = name.split('-');
  return { os: [system], cpu: [processor], ...(system === 'linux' && { libc: [abi === 'musl' ? 'musl' : 'glibc'] }) };
}

const here = platforms.platform();
if (!platforms.PLATFORMS.includes(here)) throw new Error(`byleave is not built for ${here}`);
run(process.execPath, [path.join(HERE, 'build.mjs'), ...words], HERE);
fs.mkdirSync(out, { recursive: true });

const { version, license, repository, engines } = manifest;
const licences = ['LICENSE-MIT', 'LICENSE-APACHE'].map((name) => [path.resolve(HERE, '../..', name), name]);
const addon = `byleave.${here}.node`;
const readme = path.join(os.tmpdir(), `byleave-readme-${process.pid}`);
fs.writeFileSync(readme, `# byleave-${here}\n\nThe part of [byleave](https://www.npmjs.com/package/byleave) that is written in Rust, for ${here}.\n`);
pack(`byleave-${here}`, [[path.join(HERE, 'lib', addon), addon], [readme, 'README.md'], ...licences], {
  name: `byleave-${here}`,
  version,
  description: `${manifest.description} (${here})`,
  license,
  repository,
  engines,
  ...fits(here),
  main: addon,
  files: [addon],
});
fs.rmSync(readme);

const { devDependencies: _, scripts: __, napi: ___, ...published } = manifest;
const lib = fs.readdirSync(path.join(HERE, 'lib')).filter((name) => !name.endsWith('.node'));
const files = lib.map((name) => [path.join(HERE, 'lib', name), `lib/${name}`]);
pack('byleave', [...files, [path.join(HERE, 'README.md'), 'README.md'], ...licences], {
  ...published,
  // One of the first fits, or else the last.
  optionalDependencies: Object.fromEntries([...platforms.PLATFORMS, 'wasm'].map((name) => [`byleave-${name}`, version])),
});
for (const name of fs.readdirSync(out).filter((it) => it.endsWith('.tgz'))) {
  console.log(`packed ${name}, ${fs.statSync(path.join(out, name)).size} bytes`);
}
