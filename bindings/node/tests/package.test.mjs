// What hosts install: both kinds of module, the platforms' packages, and the files of each.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import * as esm from 'byleave';
import folder from './folder.js';

const require = createRequire(import.meta.url);
const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

test('`import` and `require` give the same classes', () => {
  const cjs = require('byleave');
  const { default: _, 'module.exports': __, ...named } = esm;
  assert.deepEqual(Object.keys(named).sort(), Object.keys(cjs).sort());
  for (const [name, it] of Object.entries(cjs)) assert.equal(esm[name], it, name);
  assert.equal(esm.version, manifest.version);
});

test('every name has its type, and every type its name', () => {
  const types = ['index', 'ledger'].map((name) => fs.readFileSync(path.join(ROOT, `lib/${name}.d.ts`), 'utf8')).join('\n');
  const declared = [...types.matchAll(/^export declare (?:abstract )?(?:const|class|function) (\w+)/gm)];
  assert.deepEqual(declared.map(([, name]) => name).sort(), Object.keys(require('byleave')).sort());
  assert.ok(!/\bany\b(?! number)/.test(types.replace(/\/\*\*.*?\*\//gs, '')));
});

test('the types of a decision have the fields of its schema', () => {
  const types = fs.readFileSync(path.join(ROOT, 'lib/index.d.ts'), 'utf8');
  const schema = new esm.Engine({ packs: 'us.tcpa' }).schema('decision');
  const fields = (name) => {
    const [, body] = new RegExp(`interface ${name}(?: extends \\w+)? \\{\\n(.*?)\\n\\}`, 's').exec(types);
    return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, key]) => key);
  };
  const top = [...fields('DecisionParts'), ...fields('Deferred')].filter((key) => key !== 'allowed');
  assert.deepEqual(top.sort(), Object.keys(schema.properties).sort());
  const named = {
    evidence: 'Evidence',
    exemption: 'Tried',
    looked_at: 'LookedAt',
    obligation: 'Obligation',
    pack: 'PackDigest',
    reason: 'Reason',
    refusal: 'Refusal',
    taken_as: 'TakenAs',
    warning: 'DecisionWarning',
    withheld: 'Withheld',
  };
  // `Clears` is one of three, and an instant is text; all else is an interface.
  assert.deepEqual(Object.keys({ ...named, clears: '', instant: '' }).sort(), Object.keys(schema.$defs).sort());
  for (const [def, name] of Object.entries(named)) {
    assert.deepEqual(fields(name).sort(), Object.keys(schema.$defs[def].properties).sort(), name);
  }
});

/** How @napi-rs/cli names a target's package. */
function named(triple) {
  const [processor, , system, abi] = triple.split('-');
  const arch = { x86_64: 'x64', aarch64: 'arm64' }[processor];
  return [{ windows: 'win32' }[system] ?? system, arch, abi].filter(Boolean).join('-');
}

test('the addon is looked for under the names that are built', () => {
  const { PLATFORMS: platforms } = require('../lib/platform.js');
  assert.deepEqual(platforms, manifest.napi.targets.map(named));
});

/** An installed package without its addon, in a folder of its own. */
function installed(addon) {
  const made = folder();
  const home = path.join(made, 'node_modules', 'byleave');
  const copied = (from) => !from.endsWith('.node');
  fs.cpSync(path.join(ROOT, 'lib'), path.join(home, 'lib'), { recursive: true, filter: copied });
  fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(home, 'package.json'));
  if (addon !== undefined) {
    const [, name] = /^byleave\.(.*)\.node$/.exec(addon);
    const there = path.join(made, 'node_modules', `byleave-${name}`);
    fs.mkdirSync(there);
    fs.copyFileSync(path.join(ROOT, 'lib', addon), path.join(there, addon));
    fs.writeFileSync(path.join(there, 'package.json'), JSON.stringify({ name: `byleave-${name}`, main: addon }));
  }
  const code = "import('byleave').then((it) => console.log(it.packs().length > 0))";
  return spawnSync(process.execPath, ['-e', code], { cwd: made, encoding: 'utf8' });
}

test("the platform's own package is found, and missed in words", () => {
  const addons = fs.readdirSync(path.join(ROOT, 'lib')).filter((name) => name.endsWith('.node'));
  assert.equal(addons.length, 1);
  assert.equal(installed(addons[0]).stdout, 'true\n');
  const { status, stderr } = installed(undefined);
  assert.notEqual(status, 0);
  assert.match(stderr, /neither byleave-[\w-]+ nor byleave-wasm is installed/);
});

test('the package holds what it needs, and no addon', () => {
  const listed = (entry) => path.join(ROOT, entry);
  for (const kind of Object.values(manifest.exports['.'])) {
    for (const file of Object.values(kind)) assert.ok(fs.existsSync(listed(file)), file);
  }
  assert.deepEqual(manifest.files, ['lib', '!lib/*.node']);
  const locked = fs.readFileSync(listed('package-lock.json'), 'utf8');
  assert.ok(!locked.includes('"resolved"'), 'a lock file names no registry');
});
