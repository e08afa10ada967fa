// Plain objects cross as words and bytes, except to the small build: each property is read once, and whoever asks while he is asked is
// answered. Node's own tests of this (`quick.test.js`) run on the fallback.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as whole from 'byleave-wasm';
import * as evaluator from 'byleave-wasm/evaluator';
import * as ledger from 'byleave-wasm/ledger';

const engine = new whole.Engine({ packs: 'us.tcpa' });
const compiled = engine.compile(['America/New_York']);
const BUILDS = {
  whole: [engine, true],
  ledger: [new ledger.Engine({ compiled }), true],
  evaluator: [new evaluator.Engine({ compiled }), false],
};

const evening = (more) => ({
  at: '2026-07-01T21:30:00-04:00',
  person: { time_zones: ['America/New_York'], jurisdictions: ['US-NY'] },
  contact: { channel: 'sms', purpose: ['marketing'] },
  consents: Array.from({ length: 12 }, (_, n) => ({ id: `c${n}`, kind: n % 3 === 0 ? 'revoke' : 'grant', at: new Date(Date.UTC(2026, 0, 1 + n)) })),
  ...more,
});

/** The same with a getter in the place of a key. */
const asking = (key, get) => Object.defineProperty(evening(), key, { enumerable: true, get });

for (const [name, [handle, once]] of Object.entries(BUILDS)) {
  const said = (request, options) => handle.decide(request, options).json();

  test(`${name}: an object is answered as its text is, and by facts too`, () => {
    for (const request of [evening(), evening({ address: { value: `${'ü😀'.repeat(50)}@example.org` } }), evening({ consents: [] })]) {
      const text = JSON.stringify(request, (_, it) => (typeof it === 'string' ? it.replace(/\.000Z$/, 'Z') : it));
      for (const options of [undefined, { detail: 'outcome' }, { at: new Date('2026-07-01T16:00:00Z') }]) {
        assert.equal(said(request, options), said(text, options));
        assert.equal(handle.decideFacts(handle.facts(request, options)).json(), said(text, options));
      }
    }
  });

  test(`${name}: what is read is decided`, () => {
    let reads = 0;
    // The second time it would be another answer.
    const own = asking('at', () => (reads++ === 0 || !once ? evening().at : '2026-07-01T12:00:00-04:00'));
    assert.equal(said(own), said(evening()));
    assert.equal(reads === 1, once, `${reads} times`);
  });

  test(`${name}: who asks while he is asked is answered, and so is the other`, () => {
    const before = said(evening());
    let inner;
    // Much of it, so that the module's memory grows meanwhile.
    const many = evening({ contacts: Array.from({ length: 3_000 }, (_, n) => ({ id: `k${n}`, at: '2026-06-01T12:00:00Z', channel: 'sms' })) });
    assert.equal(said(asking('person', () => ((inner = said(many)), evening().person))), before);
    assert.equal(inner, said(many));
    assert.throws(() => said(asking('person', () => { throw new RangeError('own'); })), { message: 'own' });
    assert.equal(said(evening()), before);
  });
}
