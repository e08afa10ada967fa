// Node's package where no addon fits: it finds this one beside it, reads policy files itself, and says so where there is neither.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import ownFolder from '../../node/tests/folder.js';
import { HERE } from './chromium.js';

const NODE = path.resolve(HERE, '../node');

/** An empty project with Node's package in it, no addon, and this package beside it if it is asked for. */
function project(fallback) {
  const made = ownFolder();
  const home = path.join(made, 'node_modules', 'byleave');
  fs.cpSync(path.join(NODE, 'lib'), path.join(home, 'lib'), { recursive: true, filter: (from) => !from.endsWith('.node') });
  fs.copyFileSync(path.join(NODE, 'package.json'), path.join(home, 'package.json'));
  if (fallback) {
    const there = path.join(made, 'node_modules', 'byleave-wasm');
    fs.cpSync(path.join(HERE, 'dist'), path.join(there, 'dist'), { recursive: true });
    fs.copyFileSync(path.join(HERE, 'package.json'), path.join(there, 'package.json'));
  }
  return made;
}

/** What a module prints there; what stands in this process's environment for its own tests is left out. */
function ran(folder, code, module = true) {
  const { BYLEAVE_FALLBACK: _, NODE_OPTIONS: __, ...env } = process.env;
  const words = [...(module ? ['--input-type=module'] : []), '--eval', code];
  return spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8', env });
}

const LAW = `pack org.shop { title "The shop" source "Handbook" edition "1" }
use core
rule by_mail { cite "1" require contact.channel is email because "We write letters." }
`;

const ASK = `
const engine = new byleave.Engine({ paths: 'policy' });
const said = ['email', 'text'].map((channel) => engine.decide({ at: '2026-07-01T12:00:00Z', contact: { channel } }).outcome);
const [diagnostic] = byleave.check({ paths: ['broken'] });
let refused;
try { new byleave.Engine({ paths: ['policy', 'nowhere'] }); } catch (error) { refused = [error instanceof byleave.InputError, error.path, error.message]; }
let empty;
try { new byleave.Engine({ paths: ['policy/skipped'] }); } catch (error) { empty = error.message; }
const packs = engine.packs().map((it) => it.name);
const many = await engine.decideManyAsync([{ at: '2026-07-01T12:00:00Z', contact: { channel: 'email' } }]);
console.log(JSON.stringify({ said, code: diagnostic.code, refused, empty, packs, many: many.length, where: byleave.locate({ phone: '+12125550100' }) }));
`;

test('it answers from WebAssembly, `import` as `require`, and policy files are found by the same rules', () => {
  const folder = project(true);
  const write = (file, text) => {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  };
  write('policy/shop.leave', LAW);
  write('policy/shop.test.leave', 'test "nonsense" {');
  for (const passed of ['.hidden', 'node_modules/it', 'target', 'aside']) write(`policy/${passed}/more.leave`, 'nonsense');
  write('policy/aside/.byleave-skip', 'wrong on purpose');
  write('policy/skipped/readme.txt', 'no policy');
  write('broken/broken.leave', 'pack broken {');
  const { stdout, stderr } = ran(folder, `import * as byleave from 'byleave';${ASK}`);
  const said = JSON.parse(stdout || assert.fail(stderr));
  assert.deepEqual(said.said, ['allow', 'deny']);
  assert.match(said.code, /^E\d{4}$/);
  assert.deepEqual(said.refused, [true, 'paths[1]', 'cannot read `nowhere`: no such file or directory']);
  assert.equal(said.empty, 'there is no `.leave` file in `policy/skipped`');
  assert.deepEqual([said.packs, said.many], [['core', 'org.shop'], 1]);
  assert.ok(said.where.facts.person.time_zones.includes('America/New_York'), JSON.stringify(said.where));
  const required = ran(folder, `const byleave = require('byleave'); (async () => {${ASK}})();`, false);
  assert.equal(required.stdout, stdout, required.stderr);
});

test('where there is neither, it says what to install', () => {
  const { status, stderr } = ran(project(false), "import 'byleave'");
  assert.notEqual(status, 0);
  assert.match(stderr, /neither byleave-[\w-]+ nor byleave-wasm is installed/);
});

test('what is thrown inside comes out as it is', () => {
  const folder = project(true);
  const { stdout, stderr } = ran(folder, `import * as byleave from 'byleave';
    const engine = new byleave.Engine({ packs: 'us.tcpa' });
    const kinds = [];
    for (const request of ['{', { at: 7 }, '{"at": "2026-07-01T12:00:00Z", "contact": {"chanel": "text"}}', '['.repeat(1e5)]) {
      try { engine.decide(request); kinds.push('none'); } catch (error) { kinds.push(error.name); }
    }
    console.log(JSON.stringify([kinds, engine.decide({ at: '2026-07-01T12:00:00Z' }).outcome]));`);
  assert.deepEqual(JSON.parse(stdout || assert.fail(stderr)), [['InputError', 'InputError', 'InputError', 'InputError'], 'deny']);
});
