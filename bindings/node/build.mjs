// Builds the addon and puts it beside the JavaScript that wraps it, under this platform's name. What is said after the command
// goes to cargo: `npm run build -- --locked`.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import platform from './lib/platform.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ASKED = ['build', '--release', '--package', 'byleave-node', '--message-format', 'json-render-diagnostics'];

const built = spawnSync('cargo', [...ASKED, ...process.argv.slice(2)], {
  cwd: HERE,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (built.error) throw new Error('cargo cannot be run: install Rust from https://rustup.rs', { cause: built.error });
if (built.status !== 0) process.exit(built.status ?? 1);

const [addon] = built.stdout
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .filter((it) => it.reason === 'compiler-artifact' && it.target.name === 'byleave_node')
  .flatMap((it) => it.filenames)
  .filter((name) => /\.(so|dylib|dll)$/.test(name));

const there = path.join(HERE, 'lib', `byleave.${platform.platform()}.node`);
// Put in place whole: a process that has the old one open goes on with the old one.
fs.copyFileSync(addon, `${there}.new`);
fs.renameSync(`${there}.new`, there);
console.log(`built ${path.basename(there)}, ${fs.statSync(there).size} bytes`);
