// The corpus in Chromium, under a strict policy: every case, exactly as many as the manifest says, byte for byte as in Node.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { HERE, browser, open, serve } from './chromium.js';

const require = createRequire(import.meta.url);
require('./as-byleave.cjs');
const corpus = require('../../node/tests/corpus.js');
const replies = require('../../node/tests/replies.js');

const CASES = corpus.cases();
const OPTIONS = [{}, { name: 'mail', contact: { channel: 'email' } }];

const planned = (request) =>
  typeof request === 'object' && request !== null && !Array.isArray(request) ? { ...request, options: OPTIONS } : request;

function policy({ packs, texts }) {
  return { ...(packs.length > 0 && { packs }), ...(Object.keys(texts).length > 0 && { texts }) };
}

let served;
let shown;
before(async () => {
  served = await serve(HERE, {
    '/index.html': '<!doctype html><title>Byleave</title><link rel="icon" href="data:,"><script type="module" src="/tests/page.js"></script>',
    '/cases.json': JSON.stringify(
      CASES.map((it) => ({ file: it.file, name: it.name, policy: policy(it), request: it.request, planned: planned(it.request) })),
    ),
    '/replies.json': JSON.stringify(
      [...replies.cases()].map(({ name, file, it }) => ({
        name: `${name}\t${it.name}`, packs: file.packs, text: replies.message(it.text), language: it.language, context: replies.context(file, it),
      })),
    ),
  });
  shown = await browser();
});
after(async () => {
  await shown?.close();
  served?.close();
});

/** What the page says when it is asked through one of its doors. */
async function asked(door) {
  const { page, wrong } = await open(shown, `${served.address}/index.html`);
  await page.waitForFunction(() => globalThis.byleave !== undefined);
  const said = await page.evaluate((name) => globalThis.byleave[name](), door);
  assert.deepEqual(wrong, []);
  await page.close();
  return said;
}

/** What a text says, in the form in which a case expects it. */
function seen(text) {
  const read = JSON.parse(text);
  if (read.outcome === undefined) return { error: { kind: read.kind, path: read.path ?? '' } };
  return corpus.seen({ decide: () => ({ toJSON: () => read }) });
}

test('every case is decided in Chromium as expected, and as in Node', async () => {
  const lines = await asked('corpus');
  const wrong = [];
  let decided = 0;
  for (const [n, it] of CASES.entries()) {
    const engine = corpus.engine(it);
    const here = [
      ['decide', () => engine.decide(it.request)],
      ['explain', () => engine.explain(it.request)],
      ['plan', () => engine.plan(planned(it.request))],
    ].map(([verb, ask]) => `${it.file}\t${it.name}\t${verb}\t${corpus.answer(ask)}`);
    assert.deepEqual(lines.slice(3 * n, 3 * n + 3), here);
    const [, , , text] = lines[3 * n].split('\t');
    const got = seen(text);
    wrong.push(...corpus.differences(it.expect, got).map((said) => `${it.file}: ${it.name}: ${said}`));
    decided += 1;
  }
  assert.deepEqual(wrong, []);
  const { total } = corpus.manifest();
  assert.equal(decided, total);
  assert.equal(lines.length, 3 * total);
  console.log(`corpus: ${decided} of ${total} cases in Chromium`);
  const folder = process.env.BYLEAVE_ANSWERS;
  if (folder === undefined) return;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'wasm.tsv'), lines.map((line) => `${line}\n`).join(''));
});

test('every reply is read in Chromium as in every language', async () => {
  const lines = await asked('replies');
  const { total, digest } = corpus.manifest().replies;
  assert.equal(lines.length, total);
  // What each must say, the other runners hold; here it is the same bytes.
  const seen = crypto.createHash('sha256');
  for (const line of lines) seen.update(`${line}\n`);
  assert.equal(seen.digest('hex'), digest);
  console.log(`corpus: ${lines.length} of ${total} replies in Chromium`);
});

test('bad input is refused in Chromium, and the handle lives', async () => {
  const refused = await asked('hostile');
  assert.equal(refused.length, 13);
  for (const kind of refused) assert.match(kind, /^(input|limit|policy)$/);
});
