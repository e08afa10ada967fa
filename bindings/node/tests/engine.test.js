// The verbs: what they take, what they give, what they refuse.
'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { inspect } = require('node:util');
const byleave = require('byleave');
const { SHOP, engine, evening, refused } = require('./shop.js');

const UNTIL = '2026-07-02T12:00:00Z';

test('a decision tells what and why', () => {
  const decision = engine.decide(evening());
  assert.ok(decision instanceof byleave.Decision);
  assert.deepEqual([decision.outcome, decision.allowed, decision.until], ['defer', false, UNTIL]);
  assert.equal(decision.until_local, '2026-07-02T08:00:00-04:00');
  const [reason] = decision.reasons;
  assert.deepEqual([reason.rule, reason.kind, reason.finding], ['us.tcpa.quiet_hours', 'timing', 'violated']);
  assert.deepEqual(reason.citations, ['47 CFR 64.1200(c)(1)']);
  assert.deepEqual(reason.clears, { at: UNTIL });
  assert.deepEqual(
    decision.evidence.packs.map((it) => it.name),
    ['core', 'org.shop', 'us.calendar', 'us.tcpa'],
  );
  assert.throws(() => Object.assign(decision, { outcome: 'allow' }), TypeError);
  assert.throws(() => reason.citations.push('x'), TypeError);
  assert.equal(refused(() => byleave.Decision.fromJson('{"outcome":"allow"}')).kind, 'input');
});

test('the instant is an argument', () => {
  const noon = new Date('2026-07-01T16:00:00Z');
  const said = engine.decide(evening(), noon);
  assert.equal(said.outcome, 'allow');
  assert.equal(engine.decide(evening(), '2026-07-01T12:00:00-04:00').json(), said.json());
  assert.equal(engine.decide(evening(), { at: noon }).json(), said.json());
  const { at: _, ...without } = evening();
  assert.equal(refused(() => engine.decide(without)).path, 'at');
  assert.equal(engine.decide(without, noon).json(), said.json());
  assert.equal(engine.decide(JSON.stringify(without), noon).json(), said.json());
});

test('arguments lie over the request', () => {
  const request = evening();
  const before = structuredClone(request);
  assert.equal(engine.decide(request, { horizon: '1 hour' }).outcome, 'deny');
  assert.ok(engine.decide(request, { detail: 'full' }).reasons.length > 1);
  const outcome = engine.decide(request, { detail: 'outcome' });
  assert.deepEqual([outcome.reasons, outcome.evidence], [[], undefined]);
  // Not asked for is not "never changes".
  assert.ok(!('valid_until' in outcome));
  assert.ok('valid_until' in engine.decide(request));
  const known = engine.decide(request, { known_at: new Date('2026-06-01T00:00:00Z') });
  assert.equal(known.evidence.known_at, '2026-06-01T00:00:00Z');
  assert.deepEqual(request, before);
  for (const [options, where] of [
    [{ knownAt: new Date() }, 'knownAt'],
    [{ at: new Date(Number.NaN) }, 'at'],
    [{ settings: 7 }, 'settings'],
    [7, undefined],
    [null, undefined],
  ]) {
    const error = refused(() => engine.decide(request, options));
    assert.ok(error instanceof byleave.InputError, error);
    assert.equal(error.path, where);
  }
});

test('settings belong to the request', () => {
  const setting = engine
    .packs()
    .flatMap((it) => it.settings)
    .find((it) => it.readings.length > 1);
  const other = setting.readings.find((it) => it !== setting.default);
  const chosen = engine.decide(evening(), { settings: { [setting.name]: other } });
  assert.equal(chosen.evidence.settings[setting.name], other);
  const over = { settings: { [setting.name]: setting.default } };
  const usual = engine.decide(evening({ settings: { [setting.name]: other } }), over);
  assert.equal(usual.evidence.settings[setting.name], setting.default);
  const error = refused(() => engine.decide(evening(), { settings: { [setting.name]: 'no such reading' } }));
  assert.ok(error.path.includes(setting.name));
});

test('facts are prepared once, for one engine', () => {
  const facts = engine.facts(evening(), { detail: 'full' });
  const verdict = engine.verdict(facts);
  assert.deepEqual({ ...verdict, allowed: verdict.allowed }, { outcome: 'defer', until: UNTIL, allowed: false });
  assert.equal(engine.decideFacts(facts).json(), engine.decide(evening(), { detail: 'full' }).json());
  assert.equal(inspect(facts), '<Facts at 2026-07-02T01:30:00Z>');
  assert.equal(JSON.stringify(facts), '{}');
  const other = new byleave.Engine({ texts: { 'shop/shop.leave': SHOP } });
  for (const verb of ['verdict', 'decideFacts']) {
    assert.match(refused(() => other[verb](facts)).message, /another engine/);
    for (const stranger of [undefined, 7, {}, Object.create(byleave.Facts.prototype)]) {
      assert.ok(refused(() => engine[verb](stranger)) instanceof byleave.InputError);
    }
  }
  assert.throws(() => new byleave.Facts({}), TypeError);
});

const bad = () => evening({ contact: { chanel: 'sms' } });

test('many and their errors', () => {
  const many = engine.decideMany([evening(), bad(), '{', 7, evening()], { returnErrors: true });
  assert.deepEqual(
    many.map((it) => it.constructor.name),
    ['Decision', 'InputError', 'InputError', 'InputError', 'Decision'],
  );
  assert.equal(many[1].path, 'contact.chanel');
  const error = refused(() => engine.decideMany([...Array(300).fill(evening()), bad()]));
  assert.deepEqual([error.path, error.hint], ['[300].contact.chanel', 'did you mean `channel`?']);
  assert.equal(refused(() => engine.decideMany(['[]'])).path, '[0]');
  assert.equal(refused(() => engine.decideMany([evening(), evening({ content: { length: Symbol('x') } })])).path, '[1].content.length');
  assert.deepEqual(engine.decideMany([]), []);
  for (const one of [evening(), '{}', Buffer.from('{}'), new Map(), 7, undefined]) {
    assert.match(refused(() => engine.decideMany(one)).message, /several/);
  }
  function* stream() {
    for (let n = 0; n < 600; n++) yield evening();
  }
  const noon = engine.decideMany(stream(), '2026-07-01T16:00:00Z');
  assert.deepEqual(noon.map((it) => it.outcome), Array(600).fill('allow'));
  function* fails() {
    yield evening();
    throw new RangeError("the host's own");
  }
  assert.ok(refused(() => engine.decideMany(fails(), { returnErrors: true })) instanceof RangeError);
});

test('in the pool, the event loop goes on', async () => {
  async function* stream() {
    for (let n = 0; n < 5000; n++) yield evening();
  }
  let turns = 0;
  const clock = setInterval(() => turns++, 1);
  const all = await engine.decideManyAsync(stream(), { at: new Date('2026-07-01T16:00:00Z') });
  clearInterval(clock);
  assert.deepEqual([all.length, all.at(-1).outcome], [5000, 'allow']);
  assert.ok(turns > 0);
  const wrong = [...Array(700).fill(evening()), bad(), ...Array(2500).fill(bad())];
  await assert.rejects(engine.decideManyAsync(wrong), { name: 'InputError', path: '[700].contact.chanel' });
  const mixed = await engine.decideManyAsync([bad(), evening()], { returnErrors: true });
  assert.deepEqual([mixed[0].path, mixed[1].outcome], ['contact.chanel', 'defer']);
  await assert.rejects(engine.decideManyAsync(evening()), { name: 'InputError' });
  await assert.rejects(engine.decideManyAsync([], { returnErrors: 1 }), { path: 'returnErrors' });
  assert.deepEqual(await engine.decideManyAsync([]), []);
  // What is sent is taken when it is sent.
  const bytes = Buffer.from(JSON.stringify(evening()));
  const later = engine.decideManyAsync([bytes]);
  await null;
  await null;
  assert.equal((await later)[0].outcome, 'defer');
});

test('a plan ranks the ways', () => {
  const options = [{ name: 'text' }, { name: 'call', contact: { channel: 'voice' } }];
  const plan = engine.plan(evening({ options }));
  assert.deepEqual(new Set(plan.options.map((it) => it.name)), new Set(['text', 'call']));
  const text = plan.options.find((it) => it.name === 'text');
  assert.deepEqual([text.outcome, text.until, text.kinds, text.allowed], ['defer', UNTIL, ['timing'], false]);
  assert.deepEqual(text.rules, ['us.tcpa.quiet_hours']);
  const error = refused(() => engine.plan(evening({ options: [{ contact: { chanel: 'sms' } }] })));
  assert.equal(error.path, 'options[0].contact.chanel');
});

test('an explanation goes rule by rule', () => {
  const explanation = engine.explain(evening());
  assert.equal(explanation.decision.json(), engine.decide(evening(), { detail: 'full' }).json());
  const quiet = explanation.rules.find((it) => it.rule === 'us.tcpa.quiet_hours');
  assert.deepEqual([quiet.finding, quiet.conditions[0].clause, quiet.since], ['violated', 'when', '1992-12-20']);
  assert.notEqual(explanation.not_applicable.length, 0);
});

test('a policy with mistakes', () => {
  const text = `${SHOP}rule late { cite "x" when contact.chanel is sms require nonsense because "No." }\n`;
  const error = refused(() => new byleave.Engine({ texts: { 'shop/shop.leave': text } }));
  assert.ok(error instanceof byleave.PolicyError && error instanceof byleave.ByleaveError);
  assert.equal(error.kind, 'policy');
  assert.ok(error.lines.length >= 2 && error.diagnostics.length === error.lines.length);
  const [first] = error.diagnostics;
  assert.deepEqual([first.at.source, first.at.start.line, first.severity], ['shop/shop.leave', 7, 'error']);
  assert.match(error.json(), /^\{"kind":"policy","message":.*"lines":\[/);
  assert.deepEqual(byleave.check({ texts: { 'shop/shop.leave': text } })[0], first);
  assert.deepEqual(byleave.check({ texts: SHOP }), []);
  assert.ok(byleave.check({ packs: byleave.packs() }).every((it) => it.severity === 'warning'));
});

test('schemas', () => {
  assert.ok('person' in engine.schema().properties);
  assert.ok('outcome' in engine.schema('decision').properties);
  assert.equal(refused(() => engine.schema('plan')).path, 'of');
});

test('packs that were compiled decide as their text does', () => {
  const bytes = engine.compile(['America/New_York']);
  assert.ok(bytes instanceof Uint8Array);
  const said = engine.decide(evening());
  for (const compiled of [bytes, Uint8Array.from(bytes).buffer]) {
    const loaded = new byleave.Engine({ compiled });
    const { outcome, until, reasons } = loaded.decide(evening());
    assert.deepEqual([outcome, until, reasons], [said.outcome, said.until, said.reasons]);
    assert.deepEqual(loaded.packs().map((it) => it.digest), engine.packs().map((it) => it.digest));
  }
  assert.equal(refused(() => engine.compile(['Nowhere/At_All'])).kind, 'input');
  assert.equal(refused(() => engine.compile()).path, 'zones');
  for (const compiled of [new Uint8Array(), new Uint8Array(9), bytes.slice(0, -1), Uint8Array.from(bytes, (it, n) => (n === 99 ? it ^ 1 : it))]) {
    assert.ok(refused(() => new byleave.Engine({ compiled })) instanceof byleave.ByleaveError);
  }
  assert.equal(refused(() => new byleave.Engine({ compiled: 7 })).path, 'compiled');
  assert.equal(refused(() => new byleave.Engine({ compiled: bytes, packs: 'core' })).path, 'compiled');
});

test('what has been freed says so', () => {
  const own = new byleave.Engine({ compiled: engine.compile(['America/New_York']) });
  const [facts, other] = [own.facts(evening()), own.facts(evening())];
  facts.free();
  facts.free();
  assert.match(refused(() => own.verdict(facts)).message, /freed/);
  own.free();
  own.free();
  assert.equal(other.at, '2026-07-02T01:30:00Z');
  assert.match(refused(() => own.decide(evening())).message, /freed/);
  assert.ok(refused(() => own.decideMany([evening()])) instanceof byleave.InputError);
  assert.equal(inspect(own), '<Engine, freed>');
});
