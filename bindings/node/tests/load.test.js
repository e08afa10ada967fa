// Where policy is found: packs by name, files, folders and texts.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { inspect } = require('node:util');
const { pathToFileURL } = require('node:url');
const byleave = require('byleave');
const ownFolder = require('./folder.js');
const { SHOP, engine, evening, refused } = require('./shop.js');

function folder(files) {
  const made = ownFolder();
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(made, name), text);
  return made;
}

test('packs by name, path and text', () => {
  assert.ok(byleave.packs().includes('us.tcpa'));
  const names = (it) => it.packs().map((pack) => pack.name);
  assert.deepEqual(names(new byleave.Engine()), [...byleave.packs()].sort());
  const law = new byleave.Engine({ packs: 'us.tcpa' });
  assert.deepEqual(names(law), ['core', 'us.calendar', 'us.tcpa']);
  const made = folder({ 'shop.leave': SHOP });
  const said = engine.decide(evening()).json();
  for (const options of [
    { paths: made },
    { paths: pathToFileURL(made) },
    { paths: [path.join(made, 'shop.leave')], packs: new Set(['us.tcpa']) },
    { texts: SHOP },
    { texts: new Map([['anywhere/shop.leave', Buffer.from(SHOP)]]) },
  ]) {
    assert.equal(new byleave.Engine(options).decide(evening()).json(), said);
  }
  const small = new byleave.Engine({ texts: SHOP, limits: { events: 1 } });
  const two = evening({ consents: [{ id: 'a' }, { id: 'b' }] });
  assert.ok(refused(() => small.decide(two)) instanceof byleave.LimitError);
  assert.equal(inspect(engine), `<Engine ${engine.packs().map((it) => `${it.name} ${it.edition}`).join(', ')}>`);
  assert.deepEqual(engine.warnings, []);
});

test('what cannot be loaded', () => {
  const limits = 'limits are request_bytes, depth, text_bytes, events, members, horizon_days';
  for (const [options, where, hint] of [
    [{ packs: ['core', 'us.tcpaa'] }, 'packs[1]', 'did you mean `us.tcpa`?'],
    [{ packs: ['nothing like it'] }, 'packs[0]', '`packs()` names the packs that come with Byleave'],
    [{ paths: ['no/such/folder'] }, 'paths[0]', undefined],
    [{ paths: folder({}) }, 'paths[0]', undefined],
    [{ packs: [] }, undefined, 'leave all three out for every pack that comes with Byleave'],
    [{ packs: 7 }, 'packs', undefined],
    [{ packs: null }, 'packs', undefined],
    [{ paths: [null] }, 'paths[0]', undefined],
    [{ texts: 7 }, 'texts', undefined],
    [{ texts: [SHOP] }, 'texts', undefined],
    [{ texts: { 'a.leave': 7 } }, 'texts["a.leave"]', undefined],
    [{ texts: '\ud800' }, 'texts', undefined],
    [{ texts: { 'a.test.leave': 'test x {}' } }, undefined, undefined],
    [{ limits: { evnts: 1 } }, 'limits.evnts', limits],
    [{ limits: { events: 5000 } }, 'limits.events', undefined],
    [{ limits: { events: -1 } }, 'limits.events', undefined],
    [{ limits: { events: 1.5 } }, 'limits.events', undefined],
    [{ pack: 'us.tcpa' }, 'pack', 'arguments are compiled, packs, paths, texts, limits'],
    [7, undefined, 'write `{ compiled, packs, paths, texts, limits }`'],
  ]) {
    const error = refused(() => new byleave.Engine(options));
    assert.ok(error instanceof byleave.InputError, error);
    assert.deepEqual([error.path, error.hint], [where, hint]);
  }
});

test('tests beside the policy are checked and not loaded', () => {
  const made = folder({ 'shop.leave': SHOP, 'shop.test.leave': 'test "nonsense" {' });
  new byleave.Engine({ paths: made });
  assert.deepEqual(byleave.check({ paths: made }).map((it) => path.basename(it.at.source)), ['shop.test.leave']);
});
