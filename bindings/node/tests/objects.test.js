// JavaScript's own objects as facts: what each becomes, and what is refused, with its place.
'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const vm = require('node:vm');
const { Temporal } = require('temporal-polyfill');
const { InputError, LimitError } = require('byleave');
const { engine, evening, refused } = require('./shop.js');

const digest = (request) => engine.decide(request).evidence.facts;
const revoked = (at) => evening({ consents: [{ id: '1', kind: 'revoke', at }] });

class Person {
  #secret = 1;
  constructor() {
    this.time_zones = new Set(['America/New_York']);
    this.jurisdictions = ['US-NY'];
    this.birth_date = undefined;
  }
  greet() {
    return this.#secret;
  }
}

test('objects of all kinds are the facts that they stand for', () => {
  const plain = evening({ at: '2026-07-02T01:30:00Z' });
  const objects = new Map(Object.entries(plain))
    .set('at', new Date('2026-07-01T21:30:00-04:00'))
    .set('person', new Person())
    .set('sender', Object.assign(Object.create(null), plain.sender))
    .set('contact', { toJSON: () => plain.contact })
    .set('address', new Map(Object.entries(plain.address)))
    .set('content', vm.runInNewContext('({includes: new Set(["sender_contact", "sender_identity"])})'))
    .set('consents', new Proxy([], {}));
  assert.equal(engine.decide(objects).json(), engine.decide(plain).json());
});

test('an instant is written as the engine writes it', () => {
  for (const [given, text] of [
    [new Date('2026-07-01T12:00:00Z'), '2026-07-01T12:00:00Z'],
    [new Date('2026-07-01T12:00:00.250Z'), '2026-07-01T12:00:00.25Z'],
    [new Date('2026-07-01T12:00:00.007Z'), '2026-07-01T12:00:00.007Z'],
    [new Date('2026-07-01T00:00:00-04:00'), '2026-07-01T04:00:00Z'],
    [vm.runInNewContext('new Date(0)'), '1970-01-01T00:00:00Z'],
    [new Date('9999-12-31T23:59:59.990Z'), '9999-12-31T23:59:59.99Z'],
    [Temporal.Instant.from('2026-07-01T12:00:00.123456999Z'), '2026-07-01T12:00:00.123456Z'],
    [Temporal.Instant.from('1969-12-31T23:59:59.999999999Z'), '1969-12-31T23:59:59.999999Z'],
    [Temporal.Instant.from('2026-07-01T12:00:10Z'), '2026-07-01T12:00:10Z'],
    [Temporal.ZonedDateTime.from('2026-11-01T01:30:00-05:00[America/New_York]'), '2026-11-01T06:30:00Z'],
  ]) {
    assert.equal(digest(revoked(given)), digest(revoked(text)), text);
    assert.equal(engine.decide(evening(), given).at, text);
  }
});

test("dates, times and lengths of Temporal's", () => {
  const listed = (version_at) => evening({ lists: [{ ...evening().lists[0], version_at }] });
  assert.equal(digest(listed(Temporal.PlainDate.from('2026-06-20'))), digest(listed('2026-06-20')));
  const days = digest(evening({ horizon: Temporal.Duration.from({ days: 10 }) }));
  assert.equal(days, digest(evening({ horizon: '864000 seconds' })));
  const hours = (from, to) => evening({ person: { ...evening().person, confidential_hours: { mon: [[from, to]] } } });
  const times = [Temporal.PlainTime.from('09:00'), Temporal.PlainTime.from('20:30:15')];
  assert.equal(refused(() => engine.decide(hours(...times))).message, refused(() => engine.decide(hours('09:00', '20:30:15'))).message);
});

test('sets have an order of their own', () => {
  const ends = (window) => evening({ person: { ...evening().person, hours_of: [window] } });
  const said = (window) => refused(() => engine.decide(ends(window))).json();
  const digestOf = (a) => digest(evening({ content: { includes: new Set(a) } }));
  assert.equal(digestOf(['sender_contact', 'sender_identity']), digestOf(['sender_identity', 'sender_contact']));
  // Within a list, order is meaning: there a set is in order of value, whatever came first.
  for (const [set, list] of [
    [new Set([10, 9, '\u{10000}', '\uffff', true, null, 8n]), [null, true, 8, 9, 10, '\uffff', '\u{10000}']],
    [new Set(['b', 'a', 'B', 'a"']), ['B', 'a', 'a"', 'b']],
  ]) {
    assert.equal(said(set), said(list));
  }
});

test('what is no fact is refused with its place', () => {
  for (const [value, kind] of [
    [1.5, 'input'],
    [Number.NaN, 'input'],
    [Number.NEGATIVE_INFINITY, 'input'],
    [-1, 'input'],
    [-1n, 'input'],
    [2 ** 53, 'limit'],
    [2n ** 53n, 'limit'],
    [2n ** 64n - 1n, 'limit'],
    [2n ** 64n, 'input'],
    [10n ** 400n, 'input'],
    [1e21, 'input'],
    [Symbol('x'), 'input'],
    [() => 1, 'input'],
    [/x/, 'input'],
    [new Error('x'), 'input'],
    [Promise.resolve(1), 'input'],
    [new WeakMap(), 'input'],
    [new Number(1), 'input'],
    [new Uint16Array(1), 'input'],
    [new ArrayBuffer(1), 'input'],
    [new Date(Number.NaN), 'input'],
    ['\ud800', 'input'],
    [{ '\ud800': 2 }, 'input'],
    [new Map([[1, 2]]), 'input'],
    [Temporal.PlainDateTime.from('2026-01-01T00:00'), 'input'],
    [Temporal.PlainTime.from('09:00:00.5'), 'input'],
    [Temporal.PlainYearMonth.from('2026-01'), 'input'],
    [Temporal.Duration.from({ months: 1 }), 'input'],
    [Temporal.Duration.from({ seconds: -1 }), 'input'],
    [Temporal.Duration.from({ milliseconds: 1 }), 'input'],
    ['x'.repeat(16_385), 'limit'],
  ]) {
    const error = refused(() => engine.decide(evening({ content: { length: value } })));
    assert.ok(error instanceof InputError || error instanceof LimitError, error);
    assert.deepEqual([error.kind, error.path], [kind, 'content.length'], error);
  }
  const hole = refused(() => engine.decide(evening({ content: { includes: ['sender_identity', undefined] } })));
  assert.equal(hole.path, 'content.includes[1]');
  const odd = refused(() => engine.decide(evening({ content: { 'a "b"': Symbol('x') } })));
  assert.equal(odd.path, 'content["a \\"b\\""]');
});

/** Numbers that look random and are the same in every run. */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const KEYS = [
  'at', 'person', 'contact', 'channel', 'consents', 'scope', 'id', 'kind', 'purpose', 'detail', 'settings', 'lists',
  'birth_date', 'time_zones', 'horizon', 'content', 'length', '', 'ü', '__proto__x', '0',
];
const LEAVES = [
  null, true, false, 0, -0, 1, -1, 1.5, 2 ** 53, 2 ** 60, 1e30, '', 'sms', '2026-07-01', '2026-07-01T12:00:00Z',
  'marketing', 'US-NY', 'grant', 'revoke', '\u0000', '\u2028', '"\\', '😀',
];

function tree(dice, depth) {
  const kind = depth === 0 ? 0 : dice(4);
  if (kind < 2) return LEAVES[dice(LEAVES.length)];
  const size = dice(5);
  if (kind === 2) return Array.from({ length: size }, () => tree(dice, depth - 1));
  return Object.fromEntries(Array.from({ length: size }, () => [KEYS[dice(KEYS.length)], tree(dice, depth - 1)]));
}

test('objects and JSON text end the same way', () => {
  const dice = random(20_260_701);
  const said = (request) => {
    try {
      return engine.decide(request).json();
    } catch (error) {
      return error.json();
    }
  };
  const kinds = new Set();
  for (let n = 0; n < 3_000; n++) {
    const over = {};
    for (let k = dice(4); k >= 0; k--) over[KEYS[dice(KEYS.length)]] = tree(dice, 3);
    const request = { ...evening(), ...over };
    const answer = said(request);
    kinds.add(answer.slice(0, 12));
    assert.equal(answer, said(JSON.stringify(request)), JSON.stringify(over));
  }
  assert.ok(kinds.size >= 2);
});
