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

test('what copies a program finds each addon by its name', () => {
  const { PLATFORMS: platforms } = require('../lib/platform.js');
  const source = fs.readFileSync(path.join(ROOT, 'lib/native.js'), 'utf8');
  const named = [...source.matchAll(/case '([\w-]+)':\n +return require\('byleave-([\w-]+)'\);/g)].map(([, name, asked]) => [name, asked]);
  assert.deepEqual(named, platforms.map((name) => [name, name]));
  assert.ok(source.includes("require('byleave-wasm/fallback')"));
});

const addons = fs.readdirSync(path.join(ROOT, 'lib')).filter((name) => name.endsWith('.node'));
const ALONE = "import('byleave').then((it) => console.log(it.packs().length > 1))";
/** As much of a fallback as is looked at when it is loaded. */
const STUB = "exports.native = { version: () => '0', packs: () => ['stub'], path: () => '' };";

/** An installed package in a folder of its own: with an addon, or a file in its place, and something in the place of WebAssembly. */
function installed({ addon, bytes, fallback, env = {}, code = ALONE }) {
  const made = folder();
  const home = path.join(made, 'node_modules', 'byleave');
  const copied = (from) => !from.endsWith('.node');
  fs.cpSync(path.join(ROOT, 'lib'), path.join(home, 'lib'), { recursive: true, filter: copied });
  fs.copyFileSync(path.join(ROOT, 'package.json'), path.join(home, 'package.json'));
  const beside = (name, json) => {
    const there = path.join(made, 'node_modules', name);
    fs.mkdirSync(there);
    fs.writeFileSync(path.join(there, 'package.json'), JSON.stringify({ name, ...json }));
    return there;
  };
  if (addon !== undefined) {
    const [, name] = /^byleave\.(.*)\.node$/.exec(addon);
    const there = path.join(beside(`byleave-${name}`, { main: addon }), addon);
    if (bytes === undefined) fs.copyFileSync(path.join(ROOT, 'lib', addon), there);
    else fs.writeFileSync(there, bytes);
  }
  if (fallback !== undefined) fs.writeFileSync(path.join(beside('byleave-wasm'), 'fallback.js'), fallback);
  const { BYLEAVE_FALLBACK: _, ...rest } = process.env;
  return spawnSync(process.execPath, ['-e', code], { cwd: made, encoding: 'utf8', env: { ...rest, ...env } });
}

test("the platform's own package is found, and missed in words", () => {
  assert.equal(addons.length, 1);
  assert.equal(installed({ addon: addons[0] }).stdout, 'true\n');
  const { status, stderr } = installed({});
  assert.notEqual(status, 0);
  assert.match(stderr, /neither byleave-[\w-]+ nor byleave-wasm is installed/);
});

test('an addon that does not load is told of, and WebAssembly answers in its place', () => {
  const broken = { addon: addons[0], bytes: 'not all of it' };
  const { status, stderr } = installed(broken);
  assert.notEqual(status, 0);
  assert.match(stderr, /byleave-[\w-]+ does not load \(.+\), and byleave-wasm is not installed: install byleave again/);
  assert.equal(installed({ ...broken, fallback: STUB }).stdout, 'false\n');
  const code = "const { Ledger } = require('byleave'); try { new Ledger(':memory:'); } catch (error) { console.log(error.name, error.hint); }";
  assert.match(installed({ ...broken, fallback: STUB, code }).stdout, /^InputError byleave-[\w-]+ does not load/);
  const both = installed({ ...broken, fallback: "throw new Error('too old');" });
  assert.match(both.stderr, /byleave-[\w-]+ does not load \(.+\); byleave-wasm does not load \(too old\): install/);
});

test('WebAssembly is asked for by `BYLEAVE_FALLBACK=1`, and not by 0', () => {
  const both = { addon: addons[0], fallback: STUB };
  for (const [said, stdout] of [['1', 'false\n'], ['0', 'true\n'], ['', 'true\n']]) {
    assert.equal(installed({ ...both, env: { BYLEAVE_FALLBACK: said } }).stdout, stdout, said);
  }
});

test('no report of Node is asked for: it would look up the names of whoever is connected', () => {
  const code = `process.report.getReport = () => { throw new Error('a report'); }; ${ALONE}`;
  assert.equal(installed({ addon: addons[0], code }).stdout, 'true\n');
  if (process.platform !== 'linux') return;
  const abi = process.report.getReport().header.glibcVersionRuntime ? 'gnu' : 'musl';
  assert.equal(require('../lib/platform.js').platform(), `linux-${process.arch}-${abi}`);
});

test('loaded twice, each answers for itself, and takes nothing of the other', () => {
  const code = `
    const first = require('byleave');
    for (const key of Object.keys(require.cache)) delete require.cache[key];
    const second = require('byleave');
    const request = { at: '2026-07-01T12:00:00Z', contact: { channel: 'sms' } };
    const [a, b] = [first, second].map(({ Engine }) => new Engine({ packs: 'us.tcpa' }));
    const facts = [a.facts(request), a.facts(JSON.stringify(request)), b.facts(request)];
    const said = [a.verdict(facts[0]), a.decideFacts(facts[1]), b.verdict(facts[2])].map((it) => it.outcome);
    try { b.verdict(facts[0]); } catch (error) { said.push(error instanceof second.InputError); }
    try { new second.Ledger(':memory:').decide(a, request, { person: 'p-1' }); } catch (error) { said.push(error instanceof second.InputError); }
    console.log(first !== second, ...said);`;
  assert.equal(installed({ addon: addons[0], code }).stdout, 'true deny deny deny true true\n');
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
