// The corpus, every case and exactly as many as the manifest says; and its answers in a file, for the other languages.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const byleave = require('byleave');
const corpus = require('./corpus.js');

const CASES = corpus.cases();

test('every case is decided as expected', () => {
  const wrong = [];
  const counted = {};
  for (const it of CASES) {
    const got = corpus.seen(corpus.engine(it), it.request);
    wrong.push(...corpus.differences(it.expect, got).map((said) => `${it.file}: ${it.name}: ${said}`));
    counted[it.file] = (counted[it.file] ?? 0) + 1;
  }
  assert.equal(wrong.length, 0, wrong.join('\n'));
  const manifest = corpus.manifest();
  assert.deepEqual(counted, manifest.files);
  assert.equal(CASES.length, manifest.total);
  console.log(`corpus: ${CASES.length} of ${manifest.total} cases`);
});

test('the runner sees each kind of difference', () => {
  const it = CASES.find(({ expect }) => expect.outcome === 'allow');
  const got = corpus.seen(corpus.engine(it), it.request);
  assert.deepEqual(corpus.differences(it.expect, got), []);
  for (const change of [
    { outcome: 'maybe' },
    { valid_until: '2000-01-01T00:00:00Z' },
    { reasons: [{ rule: 'no.such', kind: 'timing', finding: 'violated' }] },
    { obligations: ['no_such'] },
    { owed: ['no_such: 2000-01-01'] },
    { withheld: ['no_such'] },
    { missing: ['no.such'] },
    { warnings: ['no_such'] },
    { error: { kind: 'input', path: 'at' } },
  ]) {
    assert.notEqual(corpus.differences({ ...it.expect, ...change }, got).length, 0, JSON.stringify(change));
  }
});

test('objects, text and bytes give the same bytes', () => {
  for (const it of CASES) {
    const engine = corpus.engine(it);
    const text = JSON.stringify(it.request);
    const said = corpus.answer(() => engine.decide(it.request));
    assert.equal(corpus.answer(() => engine.decide(text)), said, it.name);
    assert.equal(corpus.answer(() => engine.decide(Buffer.from(text))), said, it.name);
  }
});

test('many are decided as one by one, here and in the pool', async () => {
  const groups = new Map();
  for (const it of CASES) {
    const engine = corpus.engine(it);
    groups.set(engine, [...(groups.get(engine) ?? []), it.request]);
  }
  for (const [engine, requests] of groups) {
    const one = requests.map((it) => corpus.answer(() => engine.decide(it)));
    const many = engine.decideMany(requests, { returnErrors: true });
    assert.deepEqual(many.map((it) => it.json()), one);
    const pool = await engine.decideManyAsync(requests, { returnErrors: true });
    assert.deepEqual(pool.map((it) => it.json()), one);
  }
});

test('prepared facts get the same answer', () => {
  for (const it of CASES) {
    const engine = corpus.engine(it);
    const said = corpus.answer(() => engine.decide(it.request));
    let facts;
    try {
      facts = engine.facts(it.request);
    } catch (error) {
      assert.equal(error.json(), said);
      continue;
    }
    const decision = engine.decideFacts(facts);
    assert.equal(decision.json(), said);
    const { outcome, until, allowed } = engine.verdict(facts);
    assert.deepEqual([outcome, until, allowed], [decision.outcome, decision.until, decision.allowed], it.name);
    assert.equal(facts.at, decision.at);
  }
});

/** Holds an answer's object to the text: all that the text says, and beside it only what is empty. */
function same(object, wire, where) {
  assert.ok(typeof object !== 'object' || object === null || Object.isFrozen(object), `${where} can be changed`);
  if (Array.isArray(wire)) {
    assert.equal(object.length, wire.length, where);
    wire.forEach((it, n) => same(object[n], it, `${where}[${n}]`));
  } else if (typeof wire === 'object' && wire !== null) {
    for (const key of Object.keys(wire)) same(object[key], wire[key], `${where}.${key}`);
    for (const key of Object.keys(object).filter((key) => !Object.hasOwn(wire, key))) {
      const empty = key === 'fields' ? { allowed: [], withheld: [] } : [];
      assert.deepEqual(object[key], empty, `${where}.${key}`);
    }
  } else {
    assert.equal(object, wire, where);
  }
}

test('objects say all that the text says, and no more', () => {
  for (const it of CASES) {
    const engine = corpus.engine(it);
    for (const ask of [
      () => engine.decide(it.request, { detail: 'full' }),
      () => engine.decide(it.request, { detail: 'outcome' }),
      () => engine.explain(it.request),
      () => engine.plan({ ...it.request, options: [{}] }),
    ]) {
      let answer;
      try {
        answer = ask();
      } catch (error) {
        assert.ok(error instanceof byleave.ByleaveError, error);
        assert.equal(JSON.stringify(error), error.json());
        continue;
      }
      assert.equal(JSON.stringify(answer), answer.json());
      same(answer, JSON.parse(answer.json()), it.name);
      if (answer instanceof byleave.Decision) {
        assert.deepEqual(byleave.Decision.fromJson(answer.json()), answer);
      }
    }
  }
});

test('the answers are written down for the other languages', () => {
  const lines = [];
  for (const it of CASES) {
    const engine = corpus.engine(it);
    const { request } = it;
    const object = typeof request === 'object' && request !== null && !Array.isArray(request);
    const options = [{}, { name: 'mail', contact: { channel: 'email' } }];
    const planned = object ? { ...request, options } : request;
    for (const [verb, ask] of [
      ['decide', () => engine.decide(it.request)],
      ['explain', () => engine.explain(it.request)],
      ['plan', () => engine.plan(planned)],
    ]) {
      lines.push(`${it.file}\t${it.name}\t${verb}\t${corpus.answer(ask)}\n`);
    }
  }
  assert.equal(lines.length, 3 * corpus.manifest().total);
  // Without a folder there is nobody to compare with: the file is tests/run's to ask for.
  const folder = process.env.BYLEAVE_ANSWERS;
  if (folder === undefined) return;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, process.env.BYLEAVE_ANSWERS_FILE ?? 'node.tsv'), lines.join(''));
});
