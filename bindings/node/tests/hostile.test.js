// Hostile input: each is refused with an error of the contract, and the same handle works afterwards.
'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const vm = require('node:vm');
const { Engine, InputError, LimitError } = require('byleave');
const { engine, evening, refused } = require('./shop.js');

function cycle() {
  const inner = {};
  inner.person = inner;
  return inner;
}

/** Two to the sixtieth copies of one text, in sixty small lists. */
function bomb() {
  let value = 'lol';
  for (let n = 0; n < 60; n++) value = [value, value];
  return { person: value };
}

function deep() {
  let value = 1;
  for (let n = 0; n < 100_000; n++) value = [value];
  return { person: value };
}

function endless() {
  const it = new Map();
  it[Symbol.iterator] = function* forever() {
    for (let n = 0; ; n++) yield [String(n), 1];
  };
  return it;
}

const HOSTILE = {
  nothing: () => null,
  undefined: () => undefined,
  'a number': () => 7,
  'a symbol': () => Symbol('x'),
  'a function': () => () => ({}),
  'a list': () => [],
  'no json': () => '{',
  'no utf-8': () => Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
  'half a character': () => '\ud800',
  'a key twice': () => '{"at": "2026-07-01T12:00:00Z", "at": "2026-07-01T12:00:00Z"}',
  'a cycle': cycle,
  'a bomb': bomb,
  depth: deep,
  'depth as text': () => '{"a":'.repeat(100_000),
  'a map without end': endless,
  'a list without items': () => ({ person: new Array(4_294_967_295) }),
  'a list that says it is long': () => new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 53 : 1) }),
  'a megabyte key': () => ({ ['x'.repeat(1 << 20)]: 1 }),
  'five megabytes': () => ({ person: Array(400).fill('x'.repeat(16_000)) }),
  'five megabytes of text': () => ' '.repeat(5 << 20),
  'far too much text': () => 'x'.repeat(16 << 20),
  'far too much of a fact': () => ({ person: 'x'.repeat(16 << 20) }),
  'far too much text that is shared': () => ({ person: Array(4_000).fill('x'.repeat(16 << 20)) }),
  'five megabytes of bytes': () => new Uint8Array(5 << 20),
  'bytes of nothing': () => new Uint8Array(),
  'bytes that are gone': () => {
    const bytes = new Uint8Array(8);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  },
  'control characters': () => ({ '\x1b[2J': 1 }),
  'an unknown key': () => ({ at: '2026-07-01T12:00:00Z', nobody: 1 }),
  'a prototype': () => JSON.parse('{"__proto__": {"at": "2026-07-01T12:00:00Z"}}'),
  'another realm': () => vm.runInNewContext('({at: new Date(NaN)})'),
};

for (const [name, make] of Object.entries(HOSTILE)) {
  test(`${name}: refused, and the handle lives`, async () => {
    const before = engine.decide(evening()).json();
    for (const verb of ['decide', 'explain', 'plan', 'facts']) {
      plain(refused(() => engine[verb](make())));
    }
    plain(refused(() => engine.decideMany([make()])));
    const [error] = await engine.decideManyAsync([make()], { returnErrors: true });
    plain(error);
    assert.equal(engine.decide(evening()).json(), before);
  });
}

function plain(error) {
  assert.ok(error instanceof InputError || error instanceof LimitError, error);
  assert.ok(String(error).length < 1_000 && !String(error).includes('\x1b'));
  assert.equal(JSON.parse(error.json()).message, error.message);
}

const OWN = new RangeError("the host's own");
const throws = () => {
  throw OWN;
};

test("what the host's own objects throw is passed on", async () => {
  const before = engine.decide(evening()).json();
  for (const person of [
    Object.defineProperty({}, 'birth_date', { enumerable: true, get: throws }),
    new Proxy({}, { ownKeys: throws }),
    new Proxy([], { get: throws }),
    { toJSON: throws },
    { hours: Object.create(null, { toJSON: { get: throws } }) },
    Object.create({ get toJSON() { return throws(); } }),
    new Proxy({ birth_date: '2000-01-01' }, { getPrototypeOf: throws }),
    new Proxy({ birth_date: '2000-01-01' }, { getOwnPropertyDescriptor: throws, ownKeys: () => ['birth_date'] }),
    { get [Symbol.toStringTag]() { return throws(); } },
    { birth_date: { *[Symbol.iterator]() { throws(); }, toJSON: throws } },
  ]) {
    assert.equal(refused(() => engine.decide(evening({ person }))), OWN);
    assert.equal(refused(() => engine.decideMany([evening({ person })], { returnErrors: true })), OWN);
    await assert.rejects(engine.decideManyAsync([evening({ person })], { returnErrors: true }), OWN);
  }
  assert.equal(refused(() => engine.decide(evening(), Object.defineProperty({}, 'at', { get: throws }))), OWN);
  assert.equal(engine.decide(evening()).json(), before);
});

test('a host that digs for ever ends in its own error', () => {
  const dig = { get person() { return this.toJSON(); }, toJSON() { return this.person; } };
  assert.ok(refused(() => engine.decide(dig)) instanceof RangeError);
  const again = () => engine.decide(evening({ person: { toJSON: again } }));
  assert.ok(refused(again) instanceof RangeError);
  assert.equal(engine.decide(evening()).outcome, 'defer');
});

test('what is put on prototypes decides nothing', () => {
  const before = engine.decide(evening()).json();
  const put = (prototype, key, value) => Object.defineProperty(prototype, key, { value, configurable: true, enumerable: true, writable: true });
  for (const prototype of [Object.prototype, Array.prototype]) {
    for (const [key, value] of [['toJSON', () => ({})], ['person', {}], ['at', '1999-01-01T00:00:00Z']]) {
      put(prototype, key, value);
      try {
        const said = safe(() => engine.decide(evening()).json());
        // A `toJSON` of everything's is the host's word on everything, and then there is no request.
        assert.ok(said === before || (key === 'toJSON' && said instanceof InputError), `${key}: ${said}`);
      } finally {
        delete prototype[key];
      }
    }
  }
  assert.equal(engine.decide(evening()).json(), before);
});

function safe(ask) {
  try {
    return ask();
  } catch (error) {
    return error;
  }
}

test('policy that does not compile is told with its places, and engines go on', () => {
  const before = engine.decide(evening()).json();
  for (const [texts, kind] of [
    ['pack org.a { title "a" edition "1" }\nuse core\nrule x { when }', 'policy'],
    ['\u0000', 'policy'],
    [Buffer.from([0xff, 0xfe]), 'policy'],
    ['\ud800', 'input'],
    [`pack org.a { title "a" edition "1" }\n${'rule x { when not '.repeat(5_000)}`, 'policy'],
  ]) {
    const error = refused(() => new Engine({ texts }));
    assert.equal(error.kind, kind, error);
    if (kind === 'policy') assert.ok(error.diagnostics[0].at.start.line >= 1);
  }
  assert.equal(engine.decide(evening()).json(), before);
});
