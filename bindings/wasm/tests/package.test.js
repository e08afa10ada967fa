// The package as it is packed: what it holds, that its types are fresh and hold, and how small it is.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import * as byleave from 'byleave-wasm';
import * as evaluator from 'byleave-wasm/evaluator';
import * as ledger from 'byleave-wasm/ledger';
import { rustup } from '../build/toolchain.mjs';
import { types } from '../build/types.mjs';
import { typescript } from '../../types/generate.mjs';
import ownFolder from '../../node/tests/folder.js';
import { HERE } from './chromium.js';

const manifest = JSON.parse(fs.readFileSync(path.join(HERE, 'package.json'), 'utf8'));
const read = (file) => fs.readFileSync(path.join(HERE, file), 'utf8');
const compressed = (...files) =>
  files.map((file) => gzipSync(fs.readFileSync(path.join(HERE, 'dist', file)), { level: 9 }).length).reduce((a, b) => a + b);

/** Runs a tool of this folder's own. */
function tool(name, ...words) {
  const ran = spawnSync(process.execPath, [path.join(HERE, 'node_modules', name), ...words], { cwd: HERE, encoding: 'utf8' });
  assert.equal(ran.status, 0, `${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** The package as npm would send it. */
function packed() {
  const folder = ownFolder();
  const ran = spawnSync('npm', ['pack', '--pack-destination', folder, '--json'], { cwd: HERE, encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  return path.join(folder, JSON.parse(ran.stdout)[0].filename);
}

test('types of decisions are those of the schema', () => {
  const engine = new byleave.Engine({ packs: 'us.tcpa' });
  const fresh = typescript('Decision', engine.schema('decision'));
  const there = path.resolve(HERE, '../types/decision.ts');
  if (process.env.BYLEAVE_WRITE) fs.writeFileSync(there, fresh);
  assert.equal(fs.readFileSync(there, 'utf8'), fresh, 'write it anew: BYLEAVE_WRITE=1');
});

test('the types that are packed are made from those of Node', () => {
  for (const [name, text] of Object.entries(types(read('../node/lib/index.d.ts'), read('../node/lib/ledger.d.ts')))) {
    assert.equal(read(`dist/${name}.d.ts`), text, name);
    assert.ok(!/\bany\b(?! number)/.test(text.replace(/\/\*\*.*?\*\//gs, '')), name);
  }
});

test('the types need neither those of a browser nor those of Node', () => {
  tool('typescript/bin/tsc', '--project', 'tests/types/bare.json');
});

test('every name has its type, and every type its name', () => {
  for (const [name, module] of [['index', byleave], ['evaluator', evaluator], ['ledger', ledger]]) {
    const declared = [...read(`dist/${name}.d.ts`).matchAll(/^export declare (?:abstract )?(?:const|class|function) (\w+)/gm)];
    const names = Object.keys(module).filter((key) => key !== 'default');
    assert.deepEqual([...new Set(declared.map(([, key]) => key))].sort(), names.sort(), name);
  }
  assert.equal(byleave.version, manifest.version);
});

test('what is packed is found by whoever installs it', () => {
  const tarball = packed();
  tool('publint/src/cli.js', 'run', tarball, '--strict');
  const modules = ['.', './evaluator', './ledger'];
  tool('@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'esm-only', '--entrypoints', ...modules);
});

test('the lock file names no registry', () => {
  assert.ok(!read('package-lock.json').includes('"resolved"'));
});

/**
 * What a page fetches to decide, in bytes as they are sent, by build. The bounds stand where the builds are now, so that none
 * grows unseen; the aims are 250 000 and 120 000.
 */
const SIZES = {
  byleave: { files: ['index.js', 'byleave-core.js', 'byleave.wasm'], most: 840_200 },
  evaluator: { files: ['evaluator.js', 'evaluator-core.js', 'evaluator.wasm'], most: 219_900 },
  ledger: { files: ['ledger.js', 'ledger-core.js', 'ledger.wasm'], most: 472_100 },
};

/** Rustup's standard library is built for speed. */
const MORE = rustup() === undefined ? 0 : 90_000;

for (const [name, { files, most }] of Object.entries(SIZES)) {
  test(`${name} is small`, () => {
    const bytes = compressed(...files);
    console.log(`size: ${name} ${bytes} bytes compressed, at most ${most + MORE}`);
    assert.ok(bytes <= most + MORE, `${bytes} bytes`);
  });
}
