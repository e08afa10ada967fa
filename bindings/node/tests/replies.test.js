// What people answer: every case of the corpus, exactly as many as the manifest says, in the bytes that every language gives.
'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const test = require('node:test');
const byleave = require('byleave');
const corpus = require('./corpus.js');
const { cases, context, message } = require('./replies.js');

const NIGHT = {
  at: '2026-07-01T16:00:00Z',
  person: { time_zones: ['America/New_York'] },
  sender: { id: 'any' },
  contact: { channel: 'sms', purpose: ['marketing'], technology: ['automated'] },
  address: { value: '+12125550100', line: ['wireless'] },
  consents: [],
  contacts: [],
};

const engines = new Map();
function engine(packs) {
  const key = packs.join();
  if (!engines.has(key)) engines.set(key, new byleave.Engine({ packs }));
  return engines.get(key);
}

const once = (all) => all.filter((it, n) => n === 0 || all[n - 1] !== it);

/** The canonical text, and the form in which a case expects it. */
function seen(file, it) {
  let read;
  try {
    read = engine(file.packs).interpretReply(message(it.text), { language: it.language, context: context(file, it) });
  } catch (error) {
    if (!(error instanceof byleave.ByleaveError)) throw error;
    return [error.json(), { error: { kind: error.kind, path: error.path ?? '' } }];
  }
  const told = read.confirmation;
  return [
    read.json(),
    {
      kind: read.kind,
      words: once(read.words.map(({ text }) => text)),
      place: read.words.length === 0 ? null : [read.words[0].start, read.words[0].end],
      set_aside: once(read.set_aside.map(({ words }) => words.text)),
      rules: read.rules.map(({ rule }) => rule),
      cut: read.cut,
      level: read.level ?? null,
      events: read.events.length,
      scope: read.events.length === 0 ? null : (read.events[0].scope ?? {}),
      honor_by: read.honor_by ?? null,
      confirmation: told && { allowed: told.allowed, may_ask: told.may_ask, missing: told.missing, until: told.until ?? null },
      missing: read.missing,
    },
  ];
}

function differences(expect, got) {
  const same = (a, b) => {
    try {
      assert.deepEqual(a, b);
      return true;
    } catch {
      return false;
    }
  };
  if (!same(expect.error ?? null, got.error ?? null)) return [`error: got ${JSON.stringify(got.error)}`];
  if (got.error !== undefined) return [];
  const wanted = (key, value) => (key === 'confirmation' ? { may_ask: [], missing: [], until: null, ...value } : value);
  return Object.entries(expect)
    .filter(([key, value]) => !same(got[key], wanted(key, value)))
    .map(([key, value]) => `${key}: expected ${JSON.stringify(value)}, got ${JSON.stringify(got[key])}`);
}

test('every reply is read as expected', () => {
  const wrong = [];
  const counts = {};
  const digest = crypto.createHash('sha256');
  let total = 0;
  for (const { name, file, it } of cases()) {
    const [text, got] = seen(file, it);
    wrong.push(...differences(it.expect, got).map((said) => `${name}: ${it.name}: ${said}`));
    counts[name] = (counts[name] ?? 0) + 1;
    digest.update(`${name}\t${it.name}\t${text}\n`);
    total += 1;
  }
  assert.deepEqual(wrong, []);
  const { replies } = corpus.manifest();
  assert.deepEqual(counts, replies.files);
  assert.equal(total, replies.total);
  assert.equal(digest.digest('hex'), replies.digest);
  console.log(`corpus: ${total} of ${replies.total} replies`);
});

test('the runner of replies sees each kind of difference', () => {
  const { file, it } = [...cases()].find((one) => one.it.expect.kind === 'revoke');
  const [, got] = seen(file, it);
  for (const change of [{ kind: 'maybe' }, { words: ['x'] }, { rules: [] }, { events: 7 }, { missing: ['x'] }]) {
    assert.notEqual(differences({ ...it.expect, ...change }, got).length, 0, JSON.stringify(change));
  }
});

test('a reply is frozen, says where, and is ready for the request', () => {
  const law = engine(['us.tcpa']);
  const text = '\u{1f600} Please STPO texting me';
  const read = law.interpretReply(text, { language: 'en', context: NIGHT });
  const [words] = read.words;
  assert.equal([...text].slice(words.start, words.end).join(''), 'STPO texting me');
  assert.equal(words.slip, true);
  assert.equal(read.honor_by, '2026-07-16');
  assert.equal(read.confirmation.allowed, true);
  assert.equal(JSON.stringify(read), read.json());
  for (const it of [read, read.words, words, read.events, read.events[0], read.confirmation, read.confirmation.exemptions]) {
    assert.ok(Object.isFrozen(it));
  }
  const again = law.decide({ ...NIGHT, at: '2026-07-02T16:00:00Z', consents: read.events });
  assert.equal(again.reasons[0].kind, 'refused');
});

test('nothing but a text is a message', () => {
  const law = engine(['us.tcpa']);
  for (const bad of [undefined, null, 7, ['STOP'], Buffer.from('STOP'), '\ud800STOP']) {
    assert.throws(() => law.interpretReply(bad), { kind: 'input', path: 'text' });
  }
  assert.throws(() => law.interpretReply('STOP', { language: 7 }), { kind: 'input', path: 'language' });
  assert.throws(() => law.interpretReply('STOP', { lang: 'en' }), { kind: 'input', path: 'lang' });
  assert.throws(() => law.interpretReply('STOP', null), { kind: 'input' });
  assert.equal(law.interpretReply('STOP', { context: '{}' }).kind, 'revoke');
  assert.equal(law.interpretReply('STOP').events.length, 0);
});
