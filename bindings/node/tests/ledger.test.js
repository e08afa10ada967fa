// The ledger: the cases that every language runs, and what only JavaScript can do to it.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const test = require('node:test');
const { inspect } = require('node:util');
const { pathToFileURL } = require('node:url');
const byleave = require('byleave');
const { refused } = require('./shop.js');

const { Engine, InputError, Ledger, LedgerError, LimitError } = byleave;
const CASES = JSON.parse(fs.readFileSync(path.resolve(__dirname, '../../../ledger/tests/cases.json'), 'utf8'));
const law = new Engine({ packs: CASES.packs });
const folder = () => fs.mkdtempSync(path.join(os.tmpdir(), 'byleave-'));
const file = () => path.join(folder(), 'consent.db');

/** An event as a host would write it. */
function event(key = 'form-1', person = 'p-1', more = {}) {
  const at = new Date('2026-07-01T16:00:00Z');
  return {
    key, person, list: 'consents', source: 'web form', actor: { kind: 'person' }, recorded_at: at, method: undefined,
    event: { kind: 'grant', level: 'express', at, scope: { channel: new Set(['text']) } },
    ...more,
  };
}

function filled(it, saved) {
  if (typeof it === 'string' && it.startsWith('$')) {
    const [name, key] = it.slice(1).split('.');
    return key === undefined ? saved[name] : saved[name][key];
  }
  if (Array.isArray(it)) return it.map((part) => filled(part, saved));
  if (typeof it !== 'object' || it === null) return it;
  return Object.fromEntries(Object.entries(it).map(([key, part]) => [key, filled(part, saved)]));
}

function shown(it) {
  if (typeof it === 'string') return it.startsWith('{\n') ? '<bundle>' : /^[0-9a-f]{64}$/i.test(it) ? '<digest>' : it;
  if (Array.isArray(it)) return it.map(shown);
  if (typeof it !== 'object' || it === null) return it;
  return Object.fromEntries(Object.entries(it).map(([key, part]) => [key, shown(part)]));
}

/** A verb with the arguments of the file, in JavaScript's way. */
const VERBS = {
  append: (ledger, { events }) => ledger.append(events),
  decide(ledger, { request, ...rest }) {
    const { decision, receipt } = ledger.decide(law, request, rest);
    const facts = decision.evidence?.facts.slice(0, 16) ?? null;
    return { decision: { outcome: decision.outcome, rules: decision.reasons.map((it) => it.rule), facts }, receipt: receipt ?? null };
  },
  facts: (ledger, { person, known_at, ...rest }) => ledger.facts(person, known_at, rest),
  keeps: (ledger, { list, since }) => ledger.keeps(list, since) ?? null,
  checkpoint: (ledger, { at, ...rest }) => ledger.checkpoint(at, rest),
  verify: (ledger, trust) => ledger.verify(trust),
  erase: (ledger, { person, ...rest }) => ledger.erase(person, rest),
  export: (ledger, { person, at, texts, open_others: openOthers }) => ledger.export(person, at, { texts, openOthers }),
  size: (ledger) => ledger.size(),
  close: (ledger) => ledger.close() ?? null,
  verify_bundle: (_, { bundle, ...trust }) => byleave.verifyBundle(bundle, trust),
  public_key: (_, { key }) => byleave.publicKey(key),
  tamper: (_, { text, words, by }) => text.replaceAll(words, by),
};

test('what every language says', (t) => {
  let steps = 0;
  for (const { name, steps: all } of CASES.cases) {
    const place = file();
    let ledger = new Ledger(place);
    const saved = {};
    for (const step of all) {
      steps += 1;
      const args = filled(step.args, saved);
      const told = `${name}: ${step.do} ${JSON.stringify(args)}`;
      let gave;
      try {
        if (step.do === 'open') {
          ledger = new Ledger(place, { readOnly: args.read_only });
          gave = null;
        } else gave = VERBS[step.do](ledger, args);
      } catch (error) {
        assert.ok(error instanceof byleave.ByleaveError, error);
        assert.deepEqual({ class: error.name, error: JSON.parse(error.json()) }, step.fails, told);
        continue;
      }
      assert.ok(!('fails' in step), told);
      assert.deepEqual(shown(gave), step.gives, told);
      if ('save' in step) saved[step.save] = gave;
    }
    ledger.close();
  }
  t.diagnostic(`ledger: ${steps} steps`);
  assert.ok(steps > 100);
});

test('objects of the host, and frozen answers', () => {
  const ledger = new Ledger(pathToFileURL(file()));
  const receipts = ledger.append(new Set([event(), JSON.stringify({ ...event('form-2'), event: { kind: 'grant', at: '2026-07-01T16:00:00Z' } })]));
  assert.deepEqual(receipts.map((it) => it.new), [true, true]);
  assert.ok(Object.isFrozen(receipts) && Object.isFrozen(receipts[0]));
  assert.deepEqual(ledger.append([Buffer.from(JSON.stringify({ ...event(), event: { ...event().event, at: '2026-07-01T16:00:00Z', scope: { channel: ['text'] } } }))]).map((it) => it.new), [false]);
  assert.equal(ledger.facts('p-1', new Date('2026-07-02')).consents[0].at, '2026-07-01T16:00:00Z');
  const key = byleave.generateKey();
  const made = ledger.checkpoint(new Date('2026-07-02'), { key });
  assert.equal(made.signed_by, byleave.publicKey(key));
  assert.ok(ledger.verify({ keys: [made.signed_by], checkpoint: made.checkpoint }).holds);
  const asked = ledger.decide(law, { contact: { channel: 'sms' } }, { at: new Date('2026-07-02'), person: 'p-1' });
  assert.deepEqual([asked.decision.outcome, 'receipt' in asked, Object.isFrozen(asked)], ['deny', false, true]);
  const bundle = ledger.export('p-1', '2026-07-02T00:00:00Z', { texts: ['a', Uint8Array.of(255)] });
  assert.deepEqual(byleave.verifyBundle(Buffer.from(bundle)), byleave.verifyBundle(bundle));
  assert.equal(ledger.append([event('form-3', 'p-1', { recorded_at: new Date('2026-07-03T00:00:00.123Z') })])[0].seq, 3);
});

test('in the pool of threads, one after another', async () => {
  const ledger = new Ledger(file());
  const all = await Promise.all(Array.from({ length: 40 }, (_, n) => ledger.appendAsync([event(`form-${n}`, `p-${n % 5}`)])));
  assert.deepEqual(all.map(([it]) => it.seq).sort((a, b) => a - b), Array.from({ length: 40 }, (_, n) => n + 1));
  await assert.rejects(ledger.appendAsync([event('a'), { key: 7 }]), (error) => error instanceof InputError && error.path === '[1].key');
  await assert.rejects(ledger.appendAsync([event('form-1', 'p-2')]), (error) => error instanceof LedgerError && error.kind === 'conflict' && error.path === '[0].key');
  await assert.rejects(ledger.appendAsync(7), InputError);
  assert.deepEqual(await ledger.verifyAsync(), ledger.verify());
  await assert.rejects(ledger.verifyAsync({ keys: 'x' }), InputError);
  await assert.rejects(ledger.exportAsync('nobody', '2026-07-02T00:00:00Z'), InputError);
  assert.ok(byleave.verifyBundle(await ledger.exportAsync('p-1', '2026-07-02T00:00:00Z')).holds);
  const last = ledger.verifyAsync();
  ledger.close();
  // Closed before its turn, or after it: an answer, or the error.
  await last.then((it) => assert.equal(it.events, 40), (error) => assert.equal(error.message, 'this ledger is closed'));
});

test('closed, printed, disposed of', () => {
  const place = file();
  const ledger = new Ledger(place);
  assert.equal(inspect(ledger), `<Ledger ${place}>`);
  if (Symbol.dispose === undefined) ledger.close();
  else ledger[Symbol.dispose]();
  ledger.close();
  for (const ask of [() => ledger.size(), () => ledger.append([event()]), () => ledger.verify()]) {
    assert.equal(refused(ask).message, 'this ledger is closed');
  }
  const error = refused(() => new Ledger(place, { readOnly: true }).append([event()]));
  assert.ok(error instanceof LedgerError && error instanceof byleave.ByleaveError && error instanceof Error);
  assert.deepEqual([error.kind, error.name, JSON.parse(JSON.stringify(error)).kind], ['read_only', 'LedgerError', 'read_only']);
});

test('what is no place, and what is no ledger', () => {
  const made = folder();
  fs.writeFileSync(path.join(made, 'text'), 'not a ledger, but a text that is long enough '.repeat(100));
  for (const place of [undefined, null, 7, '', '\0', `${made}/\ud800`, {}, new URL('https://example.org')]) {
    const error = refused(() => new Ledger(place));
    assert.ok(error instanceof InputError && error.path === 'place', inspect(error));
  }
  for (const [name, kind] of [['', 'read_only storage'], ['no/such.db', 'read_only'], ['text', 'damaged']]) {
    for (const readOnly of [false, true]) {
      const error = refused(() => new Ledger(path.join(made, name), { readOnly }));
      assert.ok(error instanceof LedgerError, inspect(error));
      assert.ok(kind.split(' ').includes(error.kind), `${name}: ${error.kind}`);
    }
  }
  assert.ok(refused(() => new Ledger(path.join(made, 'none.db'), { readOnly: true })) instanceof LedgerError);
  assert.ok(!fs.existsSync(path.join(made, 'none.db')));
  for (const options of [7, null, [], { readOnly: 1 }, { read_only: true }]) {
    assert.ok(refused(() => new Ledger(file(), options)) instanceof InputError);
  }
  const error = refused(() => new Ledger('postgres://ann:secret@127.0.0.1:1/consent?sslmode=disable'));
  assert.ok(error instanceof byleave.ByleaveError && !inspect(error).includes('secret'));
});

const cycle = {};
cycle.person = cycle;
let deep = 1;
for (let n = 0; n < 100_000; n++) deep = [deep];
const HOSTILE = {
  nothing: null, 'a number': 7, 'a symbol': Symbol('x'), 'a function': () => 1, 'no json': '{', 'half a character': '\ud800',
  'no utf-8': Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 'a cycle': cycle, depth: { person: deep }, 'a fraction': { person: 0.5 },
  'five megabytes': { person: Array(400).fill('x'.repeat(16_000)) }, 'an invalid date': new Date(Number.NaN),
  'far too much text': 'x'.repeat(16 << 20),
};

for (const [name, it] of Object.entries(HOSTILE)) {
  test(`hostile: ${name}`, () => {
    const ledger = new Ledger(file());
    const at = '2026-07-02T00:00:00Z';
    for (const ask of [
      () => ledger.append(it),
      () => ledger.append([event(), it]),
      () => ledger.append([event('a', 'p', { event: it })]),
      () => ledger.decide(law, it, { at, person: 'p-1' }),
      () => ledger.decide(law, it, { at, person: 'p-1', record: at }),
      () => ledger.decide(it, {}, { at, person: 'p-1' }),
      () => ledger.decide(law, {}, { at, person: it === '{' ? 7 : it ?? 7 }),
      () => ledger.facts(it, '2026-07-02'),
      () => ledger.facts('p-1', it),
      () => ledger.keeps(it),
      () => ledger.checkpoint(it),
      () => ledger.verify(it),
      () => ledger.verify({ keys: it ?? 7 }),
      () => ledger.erase(it, { why: it, by: it, at: it }),
      () => ledger.erase('p-1', it ?? 7),
      () => ledger.export(it, it),
      () => ledger.export('p-1', at, { texts: it }),
      () => byleave.verifyBundle(it),
      () => byleave.publicKey(it),
    ]) {
      const error = refused(ask);
      assert.ok(error instanceof InputError || error instanceof LimitError, `${ask}: ${inspect(error)}`);
    }
    assert.equal(ledger.size().events, 0);
    assert.ok(ledger.append([event()])[0].new);
  });
}

test('another process writes', async () => {
  const place = file();
  const ledger = new Ledger(place);
  ledger.append([event()]);
  // One large batch, while this one has its own to write.
  const hold = `
    const { Ledger } = require(${JSON.stringify(require.resolve('byleave'))});
    const ledger = new Ledger(${JSON.stringify(place)});
    const event = (n) => ({ key: 'other-' + n, person: 'p-9', list: 'signals', source: 's', actor: { kind: 'system' },
      recorded_at: '2026-07-01T17:00:00Z', event: { kind: 'gpc', at: '2026-07-01T17:00:00Z' } });
    ledger.append(Array.from({ length: 2000 }, (_, n) => event(n)));`;
  const other = spawn(process.execPath, ['--eval', hold], { stdio: 'ignore' });
  const ended = once(other, 'exit');
  const mine = await ledger.appendAsync([event('form-2', 'p-1', { recorded_at: new Date('2026-07-01T18:00:00Z') })]).catch((error) => error);
  const [status] = await ended;
  // Either came first; the other was told by its clock, or waited. Nothing is lost or kept by half.
  assert.ok(Array.isArray(mine) || mine.kind === 'clock' || mine.kind === 'locked', inspect(mine));
  const { events } = ledger.size();
  assert.equal(events, 1 + (Array.isArray(mine) ? 1 : 0) + (status === 0 ? 2000 : 0));
  assert.ok(ledger.verify().holds);
});

test('the example prints what it says', () => {
  const readme = fs.readFileSync(path.resolve(__dirname, '../README.md'), 'utf8');
  const section = readme.split('\n## Consent, kept and proven\n')[1].split('\n## ')[0];
  const [[, code, said]] = section.matchAll(/```js\n(.*?)```\n+```text\n(.*?)```/gs);
  const host = folder();
  fs.mkdirSync(path.join(host, 'node_modules'));
  fs.symlinkSync(path.resolve(__dirname, '..'), path.join(host, 'node_modules', 'byleave'), 'junction');
  fs.writeFileSync(path.join(host, 'main.mjs'), code);
  const ran = spawnSync(process.execPath, ['main.mjs'], { cwd: host, encoding: 'utf8' });
  assert.equal(ran.stdout, said, ran.stderr);
});
