// Where a person may be: the cases that every language runs, and what JavaScript's own objects say.
'use strict';

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const byleave = require('../lib/index.js');

const CASES = path.join(__dirname, '../../../packs/tests/places/cases.json');

test('the cases', () => {
  const { cases } = JSON.parse(readFileSync(CASES, 'utf8'));
  for (const { name, known, told } of cases) {
    const got = byleave.locate(known);
    assert.deepEqual({ ...got, because: got.because.map((it) => `${it.of} ${it.kind}`) }, told, name);
  }
  assert.ok(cases.length > 100);
});

test('an instant is an object too, and the answer is frozen', () => {
  const confirmed = { state: 'FL', time_zone: 'America/Chicago', on: new Date(Date.UTC(2026, 0, 15, 12)) };
  const there = byleave.locate({ phone: '850 555 0142', confirmed, at: new Date(Date.UTC(2026, 6, 1, 20)) });
  assert.equal(there.confirmed_zone, 'America/Chicago');
  assert.ok(Object.isFrozen(there.facts.person.time_zones));
});

test('what is no text is refused with its place', () => {
  const refused = (known, at) =>
    assert.throws(() => byleave.locate(known), (error) => error instanceof byleave.InputError && error.path === at);
  refused({ phone: 8505550142 }, 'phone');
  refused({ confirmed: { zip: '32501' } }, 'confirmed.zip');
  refused({ state: {} }, 'state');
});
