// Loading: what is said before it, from what it can be done, and that a failure is no end.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Engine } from 'byleave-wasm';
import { HERE } from './chromium.js';

const BYTES = fs.readFileSync(path.join(HERE, 'dist/evaluator.wasm'));
const compiled = new Engine({ packs: 'us.tcpa' }).compile(['America/New_York']);

/** The small build as nobody has started it. */
const fresh = (name) => import(`../dist/evaluator-core.js?${name}`);

const refused = (ask) => {
  try {
    ask();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
};

test('before it is loaded it says so', async () => {
  const small = await fresh('before');
  for (const ask of [() => new small.Engine({ compiled }), () => new small.Engine({ compiled: new Uint8Array(8) })]) {
    const error = refused(ask);
    assert.ok(error instanceof small.InputError, error);
    assert.deepEqual([error.message, error.hint], ['Byleave is not loaded yet', '`await init()` before all else']);
  }
});

test('it is loaded from bytes, from a module, and from a response, once', async () => {
  const response = new Response(BYTES, { headers: { 'content-type': 'application/wasm' } });
  for (const [name, source] of Object.entries({ bytes: BYTES, module: await WebAssembly.compile(BYTES), response })) {
    const small = await fresh(name);
    await Promise.all([small.startFrom(source), small.startFrom(source)]);
    await small.startFrom(source);
    const engine = new small.Engine({ compiled });
    assert.equal(engine.decide({ at: '2026-07-01T12:00:00Z', contact: { channel: 'sms' } }).outcome, 'deny');
    assert.equal(engine.packs().at(-1).name, 'us.tcpa');
  }
});

test('a failure is no end', async () => {
  const small = await fresh('failure');
  await assert.rejects(small.startFrom(new Uint8Array(8)));
  await small.startFrom(BYTES);
  assert.ok(new small.Engine({ compiled }).packs().length > 0);
});

test('the small build asks for compiled packs and nothing else', async () => {
  const small = await fresh('asks');
  await small.startFrom(BYTES);
  for (const [options, where] of [[undefined, undefined], [{}, 'compiled'], [{ texts: 'x' }, 'texts'], [{ compiled: 'x' }, 'compiled']]) {
    const error = refused(() => new small.Engine(options));
    assert.ok(error instanceof small.InputError, error);
    assert.equal(error.path, where);
  }
  // What needs the parser, or is asked where policy is written and answers are kept, is not there at all.
  const there = [small.check, small.packs, small.Engine.prototype.compile, small.Engine.prototype.schema, small.Decision.fromJson];
  assert.deepEqual(there, [undefined, undefined, undefined, undefined, undefined]);
});

test('a host that has no stack left gets its own error, and the next call works', () => {
  const engine = new Engine({ packs: 'us.tcpa' });
  const request = { at: '2026-07-01T12:00:00Z', contact: { channel: 'sms' } };
  const before = engine.decide(request).json();
  // A host that calls with next to no stack left.
  const dig = (ask) => {
    try {
      return dig(ask);
    } catch {
      return ask();
    }
  };
  for (let n = 0; n < 20; n++) {
    try {
      dig(() => engine.decide(request));
    } catch (error) {
      // Where the stack ends within a call that the module makes of its host, the module stops and says so itself.
      assert.ok(['RangeError', 'InternalError', 'RuntimeError'].includes(error.name), error.name);
    }
  }
  assert.equal(engine.decide(request).json(), before);
});
