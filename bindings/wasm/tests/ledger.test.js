// The ledger in memory: the cases that every language runs, in Node and in Chromium; and two pages that tell a server's ledger what
// they were told, and hear from it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { Engine as Whole } from 'byleave-wasm';
import * as byleave from 'byleave-wasm/ledger';
import { ask, inMemory } from '../../node/tests/steps.mjs';
import { HERE, browser, open, serve } from './chromium.js';

const { ByleaveError, Engine, InputError, Ledger, LedgerError, LimitError } = byleave;
const STEPS = path.resolve(HERE, '../node/tests/steps.mjs');
const FILE = fs.readFileSync(path.resolve(HERE, '../../ledger/tests/cases.json'), 'utf8');
const CASES = JSON.parse(FILE);
const packs = new Whole({ packs: CASES.packs }).compile(['America/New_York']);
/** Mail goes to those who asked for it. */
const LAW = `pack org.shop { title "The shop" source "Handbook" edition "1" }
use core
rule mail { cite "1" require consent at least opted_in because "We write to people who asked for it." }
`;
const shop = new Whole({ texts: LAW }).compile(['America/New_York']);

const refused = (call) => {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof ByleaveError, error);
    return error;
  }
  throw new Error('nothing was refused');
};

/** An event as a host would write it. */
const event = (key, person, at, said = { kind: 'revoke', at, scope: { channel: ['email'] }, means: 'web_form' }) => ({
  key, person, list: 'consents', source: 'preference page', actor: { kind: 'person' }, recorded_at: at, event: said,
});

test('what every language says', () => {
  const { steps, wrong } = ask(CASES, byleave, new Engine({ compiled: packs }), () => inMemory(byleave));
  assert.deepEqual(wrong, []);
  assert.ok(steps > 100);
  console.log(`ledger: ${steps} steps in Node`);
});

test('a ledger lies in memory, and nowhere else', () => {
  for (const place of ['consent.db', '', '\0', 7, null, new URL('file:///consent.db'), 'postgres://localhost/consent']) {
    const error = refused(() => new Ledger(place));
    assert.ok(error instanceof InputError, String(place));
  }
  assert.equal(refused(() => new Ledger('consent.db')).path, 'place');
  assert.equal(refused(() => new Ledger(undefined, { readOnly: true })).kind, 'read_only');
  // What `localStorage` has before anything was saved.
  assert.deepEqual(new Ledger(':memory:', { saved: null }).size(), new Ledger().size());
  const ledger = new Ledger();
  ledger.append([event('a', 'p', '2026-07-01T00:00:00Z')]);
  const reader = new Ledger(':memory:', { readOnly: true, saved: ledger.save() });
  assert.deepEqual(reader.size(), ledger.size());
  assert.ok(refused(() => reader.append([event('b', 'p', '2026-07-01T00:00:00Z')])) instanceof LedgerError);
  ledger.close();
  ledger.close();
  assert.equal(refused(() => ledger.size()).message, 'this ledger is closed');
});

test('the same verbs without waiting', async () => {
  const ledger = new Ledger();
  const all = await Promise.all([0, 1, 2].map((n) => ledger.appendAsync([event(`k${n}`, 'p', '2026-07-01T00:00:00Z')])));
  assert.deepEqual(all.map(([it]) => it.seq), [1, 2, 3]);
  // What is sent is taken when it is sent.
  const sent = new TextEncoder().encode(JSON.stringify(event('k3', 'p', '2026-07-01T00:00:00Z')));
  const later = ledger.appendAsync([sent]);
  sent.fill(0);
  assert.equal((await later)[0].new, true);
  assert.deepEqual(await ledger.verifyAsync(), ledger.verify());
  assert.deepEqual(await ledger.linesSinceAsync(), ledger.linesSince());
  assert.equal((await ledger.takeInAsync(ledger.linesSince().lines, '2026-07-02T00:00:00Z')).there, 4);
  assert.ok(byleave.verifyBundle(await ledger.exportAsync('p', '2026-07-02T00:00:00Z')).holds);
  await assert.rejects(ledger.appendAsync([event('k0', 'q', '2026-07-02T00:00:00Z')]), { kind: 'conflict', path: '[0].key' });
  await assert.rejects(ledger.exportAsync('nobody', '2026-07-02T00:00:00Z'), InputError);
});

test('keys sign, and random bytes are the host\'s own', () => {
  const keys = new Set(Array.from({ length: 50 }, () => byleave.generateKey()));
  assert.equal(keys.size, 50);
  const [key] = keys;
  const links = [0, 1].map(() => {
    const ledger = new Ledger();
    const [{ link }] = ledger.append([event('a', 'p', '2026-07-01T00:00:00Z')]);
    const made = ledger.checkpoint('2026-07-02T00:00:00Z', { key });
    assert.equal(made.signed_by, byleave.publicKey(key));
    assert.ok(ledger.verify({ keys: [made.signed_by], checkpoint: made.checkpoint }).holds);
    return link;
  });
  // The same words twice: another salt, another link.
  assert.notEqual(links[0], links[1]);
});

test('hostile values are refused, and the ledger lives', () => {
  const ledger = new Ledger();
  let deep = 1;
  for (let n = 0; n < 100_000; n++) deep = [deep];
  const at = '2026-07-02T00:00:00Z';
  for (const bad of [null, 7, Symbol('x'), () => 1, '{', '\ud800', Uint8Array.of(0x7b, 0xff), { person: deep }, { person: 0.5 }, new Date(Number.NaN), 'x'.repeat(16 << 20)]) {
    for (const call of [
      () => ledger.append([bad]),
      () => ledger.facts(bad, 'yesterday'),
      () => ledger.decide(bad, {}, { at, person: 'p' }),
      () => ledger.takeIn({ lines: bad }, at),
      () => ledger.takeIn('', bad),
      () => ledger.linesSince(bad ?? 7),
      () => new Ledger(':memory:', { saved: bad ?? 7 }),
      () => ledger.erase('p', { why: bad, by: bad, at: bad }),
      () => byleave.verifyBundle(bad),
    ]) {
      const error = refused(call);
      assert.ok(error instanceof InputError || error instanceof LimitError || error.kind === 'damaged', `${call}: ${error}`);
    }
    assert.equal(ledger.size().events, 0);
  }
  assert.deepEqual(ledger.takeIn('{\n\ud7ff', at).refused.map((it) => [it.line, it.kind]), [[1, 'input'], [2, 'input']]);
  assert.equal(ledger.append([event('a', 'p', at)])[0].new, true);
});

test('a call that ends in the middle leaves no ledger that may be wrong', () => {
  const dig = (call) => {
    try {
      return dig(call);
    } catch {
      return call();
    }
  };
  let ended = 0;
  for (let n = 0; n < 4; n++) {
    const ledger = new Ledger();
    const law = new Engine({ compiled: packs });
    ledger.append([event('a', 'p', '2026-07-01T00:00:00Z')]);
    const saved = ledger.save();
    try {
      dig(() => ledger.decide(law, {}, { at: '2026-07-02T00:00:00Z', person: 'p', record: '2026-07-02T00:00:00Z' }));
    } catch (error) {
      assert.ok(['RangeError', 'InternalError', 'RuntimeError', 'LedgerError'].includes(error.name), error.name);
    }
    // It goes on, or it says that it does not; from what was saved it is made again.
    try {
      assert.ok(ledger.verify().holds);
    } catch (error) {
      assert.ok(['damaged', 'internal'].includes(error.kind), error.kind);
      assert.match(error.hint, /made? again from what was saved/);
      ended += 1;
    }
    ledger.close();
    const again = new Ledger(':memory:', { saved });
    assert.ok(again.verify().holds);
    assert.equal(again.decide(new Engine({ compiled: packs }), { contact: { channel: 'sms' } }, { at: '2026-07-02T00:00:00Z', person: 'p' }).decision.outcome, 'deny');
  }
  console.log(`ledger: ${ended} of 4 ended in the middle`);
});

let served;
let shown;
let server;
before(async () => {
  served = await serve(HERE, {
    '/index.html': '<!doctype html><title>Byleave</title><link rel="icon" href="data:,"><script type="module" src="/tests/ledger-page.js"></script>',
    '/steps.mjs': fs.readFileSync(STEPS),
    '/ledger-cases.json': FILE,
    '/ledger-cases.packs': Buffer.from(packs),
    '/law.packs': Buffer.from(shop),
    // The server's ledger takes in what a page was told, and tells it of the person what it has not heard.
    '/ledger': (sent) => {
      const { lines, heard, person, at } = JSON.parse(sent);
      const taken = server.takeIn(lines, at);
      // What has just come from there need not go back, unless others have told something in between.
      const since = taken.before === heard ? taken.mark : heard;
      const told = server.linesSince(since, { person });
      return JSON.stringify({ refused: taken.refused, lines: told.lines, mark: told.mark });
    },
  });
  shown = await browser();
});
after(async () => {
  await shown?.close();
  served?.close();
});

/** A browser of somebody's own, whose page says what it is asked. */
async function visitor() {
  const context = await shown.newContext();
  const { page, wrong } = await open(context, `${served.address}/index.html`);
  await page.waitForFunction(() => globalThis.byleave !== undefined);
  const asked = (door, ...given) => page.evaluate(([name, args]) => globalThis.byleave[name](...args), [door, given]);
  const reload = async () => {
    await page.reload();
    await page.waitForFunction(() => globalThis.byleave !== undefined);
  };
  const close = async () => {
    assert.deepEqual(wrong.filter((it) => !it.includes('ERR_INTERNET_DISCONNECTED')), []);
    await context.close();
  };
  return { asked, close, context, reload };
}

test('what every language says, in Chromium', async () => {
  const { asked, close } = await visitor();
  const { steps, wrong } = await asked('cases');
  assert.deepEqual(wrong, []);
  assert.equal(steps, CASES.cases.reduce((sum, it) => sum + it.steps.length, 0));
  console.log(`ledger: ${steps} steps in Chromium`);
  await close();
});

test('two pages and a server come to know the same, and a STOP told without a network binds at once', async () => {
  server = new Ledger();
  const [one, two] = [await visitor(), await visitor()];
  const person = 'p-1';
  const mail = { contact: { channel: 'email', purpose: ['marketing'] }, address: { value: 'ann@example.org' } };
  const may = ({ asked }, at) => asked('decide', mail, { at, person });
  assert.equal(await may(one, '2026-07-01T12:00:00Z'), 'deny');
  // Somebody else was at the server long before either page.
  server.append([event('other', 'p-2', '2026-07-01T00:00:00Z')]);
  await one.asked('tell', event('visit', person, '2026-07-01T12:00:00Z', { kind: 'grant', level: 'opted_in', at: '2026-07-01T12:00:00Z', scope: { channel: ['email'] } }));
  assert.deepEqual(await one.asked('sync', person, '2026-07-01T12:00:01Z'), { told: 1, refusedThere: [], new: 0, there: 1, refused: [] });
  assert.deepEqual(await two.asked('sync', person, '2026-07-01T12:00:02Z'), { told: 0, refusedThere: [], new: 1, there: 0, refused: [] });
  assert.equal(await may(one, '2026-07-01T12:00:03Z'), 'allow');
  assert.equal(await may(two, '2026-07-01T12:00:03Z'), 'allow');

  // Without a network: it binds here at once.
  await one.context.setOffline(true);
  await one.asked('tell', event('stop', person, '2026-07-01T13:00:00Z'));
  assert.equal(await may(one, '2026-07-01T13:00:00Z'), 'deny');
  await assert.rejects(one.asked('sync', person, '2026-07-01T13:00:01Z'));
  // The page is closed and opened: the same ledger, every link as it was.
  const before = await one.asked('verify');
  await one.context.setOffline(false);
  await one.reload();
  assert.deepEqual(await one.asked('verify'), before);
  assert.ok(before.holds);
  assert.equal(await may(one, '2026-07-01T13:00:02Z'), 'deny');

  // Meanwhile the other page and the server have gone on: for the server the STOP comes late, and binds as soon as it is there.
  await two.asked('tell', event('wish', person, '2026-07-05T09:00:00Z', { kind: 'grant', level: 'opted_in', at: '2026-06-30T00:00:00Z', scope: { channel: ['email'] } }));
  await two.asked('sync', person, '2026-07-05T09:00:01Z');
  const late = '2026-07-05T10:00:00Z';
  assert.deepEqual(await one.asked('sync', person, late), { told: 1, refusedThere: [], new: 1, there: 1, refused: [] });
  assert.equal(await may(one, late), 'deny');
  assert.equal(await may(two, late), 'allow');
  assert.deepEqual(await two.asked('sync', person, '2026-07-05T10:00:01Z'), { told: 0, refusedThere: [], new: 1, there: 0, refused: [] });
  assert.equal(await may(two, '2026-07-05T10:00:02Z'), 'deny');
  const known = server.facts(person, '2026-07-05T11:00:00Z').consents;
  assert.deepEqual(known.map((it) => [it.id, it.at, it.recorded_at]).sort(), [
    ['stop', '2026-07-01T13:00:00Z', late],
    ['visit', '2026-07-01T12:00:00Z', '2026-07-01T12:00:01Z'],
    ['wish', '2026-06-30T00:00:00Z', '2026-07-05T09:00:01Z'],
  ]);
  // Nobody has anything more to say.
  for (const it of [one, two]) {
    assert.deepEqual(await it.asked('sync', person, '2026-07-05T11:00:00Z'), { told: 0, refusedThere: [], new: 0, there: 0, refused: [] });
    assert.ok((await it.asked('verify')).holds);
  }
  assert.ok(server.verify().holds);
  // A key that says something else on either side is told by its line, to the page that sent it; nothing else waits for it.
  await one.asked('tell', event('clash', person, '2026-07-05T12:00:00Z'));
  server.append([event('clash', person, '2026-07-05T12:00:00Z', { kind: 'decline', at: '2026-07-05T12:00:00Z', scope: {} })]);
  const clash = await one.asked('sync', person, '2026-07-05T12:00:01Z');
  assert.deepEqual([clash.refusedThere, clash.refused].map((all) => all.map(({ line, kind, path: at }) => [line, kind, at])), [[[1, 'conflict', 'key']], [[1, 'conflict', 'key']]]);
  assert.equal(await may(one, '2026-07-05T12:00:02Z'), 'deny');

  const [kind, where, message] = await one.asked('damaged');
  assert.deepEqual([kind, where], ['damaged', 'saved']);
  assert.match(message, /event \d+: /);
  await one.close();
  await two.close();
});
