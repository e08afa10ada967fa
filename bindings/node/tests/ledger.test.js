// The ledger: the cases that every language runs, and what only JavaScript can do to it.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const test = require('node:test');
const { inspect } = require('node:util');
const { pathToFileURL } = require('node:url');
const byleave = require('byleave');
const folder = require('./folder.js');
const { refused } = require('./shop.js');

const { Engine, InputError, Ledger, LedgerError, LimitError } = byleave;
const CASES = JSON.parse(fs.readFileSync(path.resolve(__dirname, '../../../ledger/tests/cases.json'), 'utf8'));
const law = new Engine({ packs: CASES.packs });
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

test('what every language says', async (t) => {
  const { ask } = await import('./steps.mjs');
  const fresh = () => {
    const place = file();
    return ({ readOnly, saved }) => new Ledger(saved === undefined ? place : ':memory:', { readOnly, saved });
  };
  const { steps, wrong } = ask(CASES, byleave, law, fresh);
  assert.deepEqual(wrong, []);
  t.diagnostic(`ledger: ${steps} steps`);
  assert.ok(steps > 100);
  // And it sees what is not as it should be.
  const other = JSON.parse(JSON.stringify(CASES).replaceAll('"events":3', '"events":4'));
  assert.notEqual(ask(other, byleave, law, fresh).wrong.length, 0);
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

test('two ledgers tell each other what is new', async () => {
  const [page, server] = [new Ledger(':memory:'), new Ledger(file())];
  page.append([event('form-1'), event('form-2', 'p-2')]);
  server.append([event('form-3', 'p-1', { recorded_at: '2026-07-05T00:00:00Z' })]);
  const told = page.linesSince();
  assert.ok(Object.isFrozen(told));
  const late = new Date('2026-07-06T00:00:00Z');
  assert.deepEqual(server.takeIn(Buffer.from(told.lines), late).new, 2);
  assert.deepEqual(await server.takeInAsync(told.lines, late), { new: 0, there: 2, passed: 0, refused: [], before: server.linesSince().mark, mark: server.linesSince().mark });
  const { lines } = await server.linesSinceAsync(undefined, { person: 'p-1' });
  assert.deepEqual([lines.split('\n').length - 1, page.takeIn(lines, late).new], [2, 1]);
  assert.equal(page.linesSince(told.mark).events, 1);
  // The same ledger again, in memory; and a ledger in a file is saved as well.
  for (const it of [page, server]) {
    const again = new Ledger(':memory:', { saved: it.save() });
    assert.deepEqual([again.verify(), again.linesSince().mark, again.save()], [it.verify(), it.linesSince().mark, it.save()]);
  }
  for (const wrong of [() => page.linesSince(7), () => page.linesSince(null, { most: 0 }), () => page.takeIn(7, late), () => page.takeIn(told.lines),
    () => new Ledger(':memory:', { saved: 7 }), () => new Ledger(file(), { saved: page.save() }), () => page.linesSince('1:x')]) {
    assert.ok(refused(wrong) instanceof InputError, String(wrong));
  }
  await assert.rejects(page.takeInAsync(told.lines, '2026-07-01T00:00:00Z'), (error) => error.kind === 'clock' && error.path === 'at');
  assert.equal(refused(() => new Ledger(':memory:', { saved: page.save().replace('express', 'implied') })).kind, 'damaged');
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
