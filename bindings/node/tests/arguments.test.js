// When arguments are read, and what is none: nothing that was forgotten to be awaited is taken for nothing having been said.
'use strict';

const assert = require('node:assert/strict');
const { createSecretKey } = require('node:crypto');
const test = require('node:test');
const vm = require('node:vm');
const byleave = require('byleave');
const { SHOP, engine, evening, refused } = require('./shop.js');

const { Engine, InputError } = byleave;

const NOON = '2026-07-01T12:00:00-04:00';
const REVOKED = { id: '1', kind: 'revoke', at: '2026-06-01T00:00:00Z', scope: {} };

test('what is at hand is read at the call: who changes it afterwards changes no answer', async () => {
  const asked = evening({ at: NOON, consents: [REVOKED] });
  const answers = engine.decideManyAsync([asked]);
  asked.consents = [];
  assert.equal((await answers)[0].outcome, 'deny');

  // One object for one person after another, in an array and by an iterator, in one batch and in many.
  for (const n of [3, 600]) {
    const one = evening();
    const minutes = Array.from({ length: n }, (_, at) => new Date(Date.parse(NOON) + at * 60_000));
    const later = minutes.map((at) => {
      one.at = at;
      return engine.decideManyAsync([one], { detail: 'outcome' });
    });
    function* again() {
      for (one.at of minutes) yield one;
    }
    const all = engine.decideManyAsync(again(), { detail: 'outcome' });
    one.at = '1999-01-01T00:00:00Z';
    const wanted = minutes.map((at) => at.getTime());
    const times = (decided) => decided.map((it) => Date.parse(it.at));
    assert.deepEqual(times((await Promise.all(later)).flat()), wanted);
    assert.deepEqual(times(await all), wanted);
  }
});

test('memory that is used again for the next request changes none of those before', async () => {
  const bytes = Buffer.from(JSON.stringify(evening({ at: '2026-07-01T16:00:00Z' })));
  const place = bytes.indexOf('16:00');
  const hours = ['16', '17', '18'];
  function* again() {
    for (const hour of hours) {
      bytes.write(hour, place);
      yield bytes;
    }
  }
  const wanted = hours.map((hour) => `2026-07-01T${hour}:00:00Z`);
  assert.deepEqual(engine.decideMany(again()).map((it) => it.at), wanted);
  assert.deepEqual((await engine.decideManyAsync(again())).map((it) => it.at), wanted);
});

test('of a stream each is read when it comes, and of many nothing behind the first that is refused', async () => {
  let read = 0;
  function* wrong() {
    for (;;) yield ++read === 5 ? evening({ nobody: Symbol('x') }) : evening();
  }
  await assert.rejects(engine.decideManyAsync(wrong()), { path: '[4].nobody' });
  assert.equal(read, 5);
  async function* stream() {
    yield evening({ at: NOON });
  }
  assert.equal((await engine.decideManyAsync(stream()))[0].outcome, 'allow');
  await assert.rejects(engine.decideManyAsync([Promise.resolve(evening())]), { name: 'InputError' });
});

/** What says nothing by name. */
const NOTHING = {
  'a Promise': () => Promise.resolve({ at: NOON }),
  'what has `then`': () => Object.create({ then() {} }),
  'a Map': () => new Map([['at', NOON]]),
  'a Map under another name': () => Object.defineProperty(new Map(), Symbol.toStringTag, { value: 'Object' }),
  'a Set': () => new Set(),
  'an array': () => [],
  'a text in a box': () => new String('x'),
  'a number in a box': () => new Number(7),
  'a regular expression': () => /x/,
  'an error': () => new Error('x'),
  'bytes': () => new Uint8Array(),
  'a function': () => () => {},
  'an instance that says nothing': () => createSecretKey(Buffer.alloc(32)),
  'null': () => null,
};

for (const [name, make] of Object.entries(NOTHING)) {
  test(`${name} is no arguments by name`, async () => {
    const no = (ask) => {
      const error = refused(ask);
      assert.ok(error instanceof InputError && /expected/.test(error.message), error);
    };
    no(() => new Engine(make()));
    no(() => byleave.check(make()));
    for (const verb of ['decide', 'plan', 'explain', 'facts', 'decideMany']) {
      no(() => engine[verb](verb === 'decideMany' ? [evening()] : evening(), make()));
    }
    no(() => engine.interpretReply('stop', make()));
    await assert.rejects(engine.decideManyAsync([evening()], make()), InputError);
    no(() => byleave.verifyBundle('{}', make()));
    const ledger = new byleave.Ledger(':memory:');
    for (const ask of [
      () => new byleave.Ledger(':memory:', make()),
      () => ledger.decide(engine, evening(), make()),
      () => ledger.checkpoint(NOON, make()),
      () => ledger.verify(make()),
      () => ledger.facts('p-1', NOON, make()),
      () => ledger.erase('p-1', make()),
      () => ledger.export('p-1', NOON, make()),
      () => ledger.linesSince(null, make()),
    ]) no(ask);
    await assert.rejects(ledger.verifyAsync(make()), InputError);
    ledger.close();
  });
}

test('policy that is no texts is not left out', () => {
  for (const texts of [Promise.resolve(SHOP), new Set([SHOP]), [], /x/, new Error(SHOP), new String(SHOP), () => SHOP, null]) {
    assert.equal(refused(() => new Engine({ packs: 'us.tcpa', texts })).path, 'texts');
  }
});

test("objects of the host's own are arguments by name, whatever made them", () => {
  const said = engine.decide(evening(), { at: NOON }).json();
  class Over {
    at = NOON;
  }
  class Asked {
    get at() {
      return NOON;
    }
  }
  const bare = Object.assign(Object.create(null), { at: NOON });
  for (const options of [new Over(), new Asked(), bare, vm.runInNewContext('({at})', { at: NOON }), Object.freeze({ at: NOON })]) {
    assert.equal(engine.decide(evening(), options).json(), said);
  }
  for (const options of [{}, { at: undefined }, Object.create(null), vm.runInNewContext('({})')]) {
    assert.equal(engine.decide(evening(), options).outcome, 'defer');
  }
  class Policy {
    texts = { 'shop/shop.leave': SHOP };
  }
  assert.equal(new Engine(new Policy()).decide(evening(), NOON).json(), said);
});

test('keys are held against, or they are not named', async () => {
  const ledger = new byleave.Ledger(':memory:');
  const event = {
    key: 'form-1', person: 'p-1', list: 'consents', source: 'web', actor: { kind: 'person' }, recorded_at: NOON,
    event: { kind: 'grant', level: 'express', at: NOON },
  };
  ledger.append([event]);
  ledger.checkpoint(NOON);
  const bundle = ledger.export('p-1', NOON);
  const key = byleave.publicKey(byleave.generateKey());
  for (const keys of [[], new Set(), null, undefined, Promise.resolve([key]), new Map([[key, key]]), [undefined], [null], new String(key), 7]) {
    for (const ask of [() => ledger.verify({ keys }), () => byleave.verifyBundle(bundle, { keys })]) {
      const error = refused(ask);
      assert.ok(error instanceof InputError && error.path.startsWith('keys'), error);
    }
    await assert.rejects(ledger.verifyAsync({ keys }), InputError);
  }
  for (const checkpoint of [null, undefined, Promise.resolve(''), new Map()]) {
    assert.equal(refused(() => ledger.verify({ checkpoint })).path, 'checkpoint');
  }
  for (const secret of [null, undefined, Promise.resolve(key), createSecretKey(Buffer.alloc(32))]) {
    assert.equal(refused(() => ledger.checkpoint(NOON, { key: secret })).path, 'key');
  }
  for (const keys of [key, [key], new Set([key])]) assert.equal(ledger.verify({ keys }).holds, false);
  assert.equal(ledger.verify().holds, true);
  assert.equal(ledger.verify({}).holds, true);
});
