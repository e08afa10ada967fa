// The corpus: its files, the engines of its cases, and what an expectation means (as `tests/src/corpus.rs` has it).
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const byleave = require('byleave');

const FOLDER = path.resolve(__dirname, '../../../tests/vectors');

const FILE = ['about', 'with', 'head', 'cases'];
const CASE = ['name', 'packs', 'policy', 'request', 'expect'];
const EXPECT = [
  'outcome', 'until', 'valid_until', 'reasons', 'obligations', 'owed', 'withheld', 'missing', 'warnings', 'error',
];
const REASON = ['rule', 'kind', 'finding', 'missing', 'clears'];
const ERROR = ['kind', 'path'];

function only(known, given, where) {
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  assert.deepEqual(unknown, [], `${where}: unknown keys`);
}

/** How many cases each file has. */
function manifest() {
  const read = JSON.parse(fs.readFileSync(path.join(FOLDER, 'manifest.json'), 'utf8'));
  only(['files', 'total', 'replies'], read, 'manifest.json');
  return read;
}

/** Every case of every file, files in order of their names' bytes. */
function cases() {
  const names = fs
    .readdirSync(FOLDER, { recursive: true })
    .map((name) => name.split(path.sep).join('/'))
    // Replies have a form of their own, and a runner: `replies.test.js`.
    .filter((name) => name.endsWith('.json') && name !== 'manifest.json' && !name.startsWith('replies/'))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const out = [];
  for (const name of names) {
    const file = JSON.parse(fs.readFileSync(path.join(FOLDER, name), 'utf8'));
    only(FILE, file, name);
    for (const it of file.cases) {
      const where = `${name}: ${it.name}`;
      only(CASE, it, where);
      only(EXPECT, it.expect, where);
      for (const reason of it.expect.reasons ?? []) only(REASON, reason, where);
      only(ERROR, it.expect.error ?? {}, where);
      const texts = {};
      if ((it.policy ?? []).length > 0) {
        for (const word of file.with) texts[word] = fs.readFileSync(path.join(FOLDER, word), 'utf8');
        texts['case/case.leave'] = [file.head.join('\n'), it.policy.join('\n'), ''].join('\n');
      }
      out.push({ file: name, name: it.name, packs: it.packs ?? [], texts, request: it.request, expect: it.expect });
    }
  }
  return out;
}

const engines = new Map();

/** The engine of a case's policy; cases of the same policy share one. */
function engine({ packs, texts }) {
  const key = JSON.stringify([packs, texts]);
  if (!engines.has(key)) {
    const options = {};
    if (packs.length > 0) options.packs = packs;
    if (Object.keys(texts).length > 0) options.texts = texts;
    engines.set(key, new byleave.Engine(options));
  }
  return engines.get(key);
}

/** The canonical text, of an answer or of an error. */
function answer(ask) {
  try {
    return ask().json();
  } catch (error) {
    if (!(error instanceof byleave.ByleaveError)) throw error;
    return error.json();
  }
}

/** What the engine says, in the form in which a case expects it. */
function seen(engine, request) {
  let got;
  try {
    got = engine.decide(request).toJSON();
  } catch (error) {
    if (!(error instanceof byleave.ByleaveError)) throw error;
    return { error: { kind: error.kind, path: error.path ?? '' } };
  }
  const words = (list) => [...new Set(list)].sort();
  return {
    outcome: got.outcome,
    until: got.until ?? null,
    valid_until: got.valid_until ?? null,
    reasons: (got.reasons ?? []).map(({ rule, kind = '', finding, missing = [], clears = null }) => ({
      rule, kind, finding, missing, clears,
    })),
    obligations: words((got.obligations ?? []).map((it) => it.id)),
    owed: words((got.obligations ?? []).map(owed)),
    withheld: (got.fields?.withheld ?? []).map((it) => it.name),
    missing: got.missing ?? [],
    warnings: words((got.warnings ?? []).map((it) => it.code)),
    error: null,
  };
}

/** What is owed, with what it says besides; `?`: nobody knows. */
function owed({ id, value, unknown }) {
  if (unknown) return `${id}: ?`;
  return value === undefined ? id : `${id}: ${value}`;
}

/** Where what was seen is not what was expected; empty when it is. */
function differences(expect, got) {
  const out = [];
  const say = (what, wanted, had) => {
    try {
      assert.deepEqual(had, wanted);
    } catch {
      out.push(`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(had)}`);
    }
  };
  say('error', expect.error ?? null, got.error ?? null);
  if (expect.error != null || got.error != null) return out;
  if (expect.outcome != null) say('outcome', [expect.outcome, expect.until ?? null], [got.outcome, got.until]);
  if (Object.hasOwn(expect, 'valid_until')) say('valid_until', expect.valid_until, got.valid_until);
  if (expect.reasons != null) {
    const wanted = expect.reasons.map((it) => ({ missing: [], clears: null, ...it }));
    const had = got.reasons.map((it, n) => (wanted[n] && wanted[n].clears === null ? { ...it, clears: null } : it));
    say('reasons', wanted, had);
  }
  for (const what of ['obligations', 'owed', 'withheld', 'missing', 'warnings']) {
    if (expect[what] != null) say(what, [...expect[what]].sort(), [...got[what]].sort());
  }
  return out;
}

module.exports = { FOLDER, answer, cases, differences, engine, manifest, seen };
