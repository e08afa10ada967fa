// The quick way of plain objects: it ends as JSON text does, it reads each property once, and what is not plain goes the long
// way.
'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { Engine } = require('byleave');
const { Tape } = require('../lib/tape.js');
const { SHOP, engine, evening, refused } = require('./shop.js');

/** How many requests were answered the quick way while something ran. */
function quickly(run) {
  const { ask } = Tape.prototype;
  let times = 0;
  Tape.prototype.ask = function counted(...args) {
    const answer = ask.apply(this, args);
    if (answer !== undefined) times++;
    return answer;
  };
  try {
    run();
  } finally {
    Tape.prototype.ask = ask;
  }
  return times;
}

const said = (request, options) => {
  try {
    return engine.decide(request, options).json();
  } catch (error) {
    return error.json();
  }
};

/** Numbers that look random and are the same in every run. */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const of = (dice, list) => list[dice(list.length)];

const day = (dice) => `2026-0${1 + dice(6)}-${10 + dice(18)}`;
const instant = (dice) => `${day(dice)}T${10 + dice(9)}:00:00${of(dice, ['Z', '-04:00', '.25Z'])}`;
const WORDS = ['sms', 'email', 'voice', 'marketing', 'any', 'nobody', 'US-NY', 'ü', '', 'x'.repeat(70), '\u0000"\\', '😀'];
const ODD = [null, true, 0, 7, -1, 1.5, 2 ** 40, 2 ** 53, [], {}, undefined, [null], [[1]], '\ud800', new Date(Number.NaN)];

function event(dice) {
  const it = { id: `e${dice(9)}`, at: of(dice, [instant(dice), day(dice), new Date(instant(dice)), null]) };
  if (dice(2) === 0) it.kind = of(dice, ['grant', 'revoke', 'decline']);
  if (dice(2) === 0) it.channel = of(dice, ['sms', 'email', 'voice', 'nobody']);
  if (dice(2) === 0) it.scope = { channel: of(dice, [['sms'], 'email', ['voice', 'sms'], ['any'], []]), address: '+12125550142' };
  if (dice(3) === 0) it.level = 'express_written';
  if (dice(3) === 0) it.recorded_at = instant(dice);
  if (dice(4) === 0) delete it.id;
  if (dice(12) === 0) it[of(dice, ['at', 'id', 'kind', 'chanel', 'topic'])] = of(dice, [...ODD, ...WORDS]);
  return dice(3) === 0 ? Object.fromEntries(Object.entries(it).reverse()) : it;
}

function request(dice) {
  const it = evening();
  for (const list of ['consents', 'contacts', 'interactions']) {
    if (dice(2) === 0) it[list] = Array.from({ length: dice(9) }, () => event(dice));
  }
  if (dice(4) === 0) it.content = { ...it.content, length: of(dice, [0, 160, 2 ** 28, 2 ** 40]) };
  if (dice(8) === 0) it[of(dice, ['person', 'contact', 'at', 'lists', 'horizon', 'detail', 'nobody'])] = of(dice, [...ODD, ...WORDS]);
  if (dice(8) === 0) it.detail = of(dice, ['outcome', 'full', 'blocking']);
  return it;
}

/** The same request as text, dates as the binding writes them; nothing if there is something in it that text cannot say. */
function asText(request) {
  let can = true;
  const text = JSON.stringify(request, function said(key) {
    const it = this[key];
    if (it instanceof Date) {
      if (Number.isNaN(it.getTime())) can = false;
      else return it.toISOString().replace(/\.000Z$/, 'Z').replace(/(\.\d*?)0+Z$/, '$1Z');
    }
    if ((it === undefined && Array.isArray(this)) || (typeof it === 'string' && !it.isWellFormed())) can = false;
    return it;
  });
  return can ? text : undefined;
}

test('plain objects end as their JSON text does', () => {
  const dice = random(20_261_126);
  const kinds = {};
  let all = 0;
  const quick = quickly(() => {
    for (let n = 0; n < 4_000; n++) {
      const it = request(dice);
      const answer = said(it);
      const kind = JSON.parse(answer).outcome ?? JSON.parse(answer).kind;
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      const text = asText(it);
      if (text === undefined) continue;
      all++;
      assert.equal(answer, said(text), text);
      // With an escape in it, text is read in the long way too.
      assert.equal(answer, said(text.replace('"at"', '"\\u0061t"')), text);
    }
  });
  assert.ok(all > 3_000 && quick > 500, `${all} compared, ${quick} the quick way: ${JSON.stringify(kinds)}`);
  assert.ok(kinds.input > 500 && Object.keys(kinds).length >= 3, JSON.stringify(kinds));
});

test('both ways say the same of dates and of what is absent', () => {
  const dates = { at: new Date('2026-07-01T21:30:00-04:00'), consents: [{ id: '1', kind: 'revoke', at: new Date(12_345_678_901) }] };
  assert.equal(quickly(() => engine.decide(evening(dates))), 1);
  const texts = { at: '2026-07-02T01:30:00Z', consents: [{ id: '1', kind: 'revoke', at: '1970-05-23T21:21:18.901Z' }] };
  assert.equal(said(evening(dates)), said(JSON.stringify(evening(texts))));
  const absent = evening({ agent: undefined, contact: { ...evening().contact, topic: undefined } });
  assert.equal(quickly(() => engine.decide(absent)), 1);
  assert.equal(said(absent), said(JSON.stringify(absent)));
  for (const at of ['-000001-01-01T00:00:00Z', '+010000-01-01T00:00:00Z']) {
    assert.equal(quickly(() => said(evening({ at: new Date(at) }))), 0);
    assert.match(said(evening({ at: new Date(at) })), /"path":"at"/);
  }
});

test('arguments lie over plain objects as over text', () => {
  for (const options of [undefined, '2026-07-01T12:00:00-04:00', new Date('2026-07-01T16:00:00Z'), { detail: 'outcome' }, { detail: 'full' },
    { horizon: '1 hour', known_at: '2026-07-01T00:00:00+02:00' }, { detail: 'ful' }, { horizon: 'x' }, { at: '2026' }, { settings: {} },
    { settings: { nobody: 'x' } }]) {
    assert.equal(said(evening(), options), said(JSON.stringify(evening()), options), JSON.stringify(options));
    const facts = (it) => {
      try {
        return engine.decideFacts(engine.facts(it, options)).json();
      } catch (error) {
        return error.json();
      }
    };
    assert.equal(facts(evening()), facts(JSON.stringify(evening())));
  }
  assert.equal(quickly(() => engine.decide(evening(), { detail: 'outcome', at: new Date(0) })), 1);
});

test('what is read is decided', () => {
  // The second time it would be an allow.
  let reads = 0;
  const own = Object.create(Object.prototype, Object.getOwnPropertyDescriptors({ ...evening() }));
  Object.defineProperty(own, 'at', { enumerable: true, get: () => (reads++ === 0 ? '2026-07-01T21:30:00-04:00' : '2026-07-01T12:00:00-04:00') });
  assert.equal(quickly(() => assert.equal(engine.decide(own).outcome, 'defer')), 1);
  assert.equal(reads, 1);
});

test('who asks while he is asked is answered, and so is the other', () => {
  const before = said(evening());
  let inner;
  const asking = { ...evening() };
  Object.defineProperty(asking, 'sender', {
    enumerable: true,
    get() {
      inner = said(evening({ at: '2026-07-01T12:00:00-04:00' }));
      return evening().sender;
    },
  });
  assert.equal(said(asking), before);
  assert.equal(JSON.parse(inner).outcome, 'allow');
  const failing = { ...evening() };
  Object.defineProperty(failing, 'sender', { enumerable: true, get: () => { throw new RangeError('own'); } });
  assert.ok(refused(() => engine.decide(failing)) instanceof RangeError);
  assert.equal(quickly(() => assert.equal(said(evening()), before)), 1);
});

test('what is not plain goes the long way', () => {
  const cycle = evening();
  cycle.person = { ...cycle.person, self: cycle };
  for (const [request, outcome] of [
    [evening({ person: new (class { time_zones = ['America/New_York']; jurisdictions = ['US-NY']; })() }), 'defer'],
    [evening({ content: { includes: new Set(['sender_identity', 'sender_contact']) } }), 'defer'],
    [evening({ sender: new Map(Object.entries(evening().sender)) }), 'defer'],
    [evening({ contact: { toJSON: () => evening().contact } }), 'defer'],
    [evening({ contact: { [Symbol.toStringTag]: 'x' } }), 'input'],
    [evening({ content: { includes: ['sender_identity', , 'sender_contact'] } }), 'input'],
    [evening({ content: { length: 1n } }), undefined],
    [evening({ nobody: 1 }), 'input'],
    [cycle, 'limit'],
    [Object.assign([], evening()), 'input'],
  ]) {
    let answer;
    assert.equal(quickly(() => { answer = JSON.parse(said(request)); }), 0);
    if (outcome !== undefined) assert.equal(answer.outcome ?? answer.kind, outcome);
  }
  const proxy = new Proxy(evening(), {});
  assert.equal(said(proxy), said(evening()));
  const many = evening({ contacts: Array.from({ length: 4_096 }, (_, n) => ({ id: `c${n}`, at: '2026-06-01T12:00:00Z', channel: 'sms' })) });
  assert.equal(said(many), said(JSON.stringify(many)));
  const more = evening({ contacts: [...many.contacts, {}] });
  assert.equal(said(more), said(JSON.stringify(more)));
  const long = evening({ address: { value: 'x'.repeat(16_384) } });
  assert.equal(said(long), said(JSON.stringify(long)));
  const longer = evening({ address: { value: 'x'.repeat(16_385) } });
  assert.equal(said(longer), said(JSON.stringify(longer)));
});

test('objects with ever other orders of keys are forgotten in time', () => {
  const dice = random(7);
  const before = said(evening());
  for (let n = 0; n < 300; n++) {
    const keys = Object.keys(evening()).sort(() => dice(3) - 1);
    assert.equal(said(Object.fromEntries(keys.map((key) => [key, evening()[key]]))), before);
  }
});

test('engines with lower limits say so in both ways', () => {
  const low = (limits) => new Engine({ texts: { 'shop/shop.leave': SHOP }, limits });
  for (const limits of [{ request_bytes: 100 }, { depth: 2 }, { text_bytes: 10 }, { events: 0 }, { members: 1 }, { horizon_days: 1 }]) {
    const one = low(limits);
    const ask = (it) => {
      try {
        return one.decide(it).json();
      } catch (error) {
        return error.json();
      }
    };
    const it = evening({ consents: [{ id: '1', kind: 'revoke' }] });
    assert.equal(ask(it), ask(JSON.stringify(it)), JSON.stringify(limits));
  }
});
