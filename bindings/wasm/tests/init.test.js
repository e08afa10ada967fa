// Loading: what is said before it, from what it can be done, and that a failure is no end.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
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
  const gone = compiled.slice();
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  for (const bytes of [gone, gone.buffer]) assert.equal(refused(() => new small.Engine({ compiled: bytes })).path, 'compiled');
  for (const [options, where] of [[undefined, undefined], [{}, 'compiled'], [{ texts: 'x' }, 'texts'], [{ compiled: 'x' }, 'compiled']]) {
    const error = refused(() => new small.Engine(options));
    assert.ok(error instanceof small.InputError, error);
    assert.equal(error.path, where);
  }
  // What needs the parser, or is asked where policy is written and answers are kept, is not there at all.
  const there = [small.check, small.packs, small.Engine.prototype.compile, small.Engine.prototype.schema, small.Decision.fromJson];
  assert.deepEqual(there, [undefined, undefined, undefined, undefined, undefined]);
});

test('what cannot be loaded is said with its address, and what to do', async () => {
  const small = await fresh('address');
  const file = path.join(HERE, 'nowhere.wasm');
  const missing = new Response('nothing here', { status: 404, statusText: 'Not Found' });
  const page = new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });
  for (const source of [file, new URL('http://127.0.0.1:1/nowhere.wasm'), missing, page, () => Promise.reject(new Error('mine')), null, {}, 5]) {
    const error = await small.startFrom(typeof source === 'function' ? source() : source).then(() => assert.fail('it is loaded'), (it) => it);
    assert.ok(error instanceof small.InputError, String(error));
    assert.equal(error.path, 'source');
    assert.match(error.hint, /is `evaluator\.wasm` copied beside the script\?/);
    assert.match(error.message, /^Byleave cannot be loaded/);
    if (typeof source === 'string' || source instanceof URL) assert.ok(error.message.includes('nowhere.wasm'), error.message);
    if (source === missing) assert.match(error.message, /404 Not Found/);
  }
});

test('starts at once have each their own fate', async () => {
  const small = await fresh('fates');
  const [bad, good] = await Promise.allSettled([small.startFrom(new Uint8Array(8)), small.startFrom(BYTES)]);
  assert.deepEqual([bad.status, good.status], ['rejected', 'fulfilled']);
  assert.ok(new small.Engine({ compiled }).packs().length > 0);
});

test('the module of another build is refused at once, and the right one is taken after it', async () => {
  const bytes = (name) => fs.readFileSync(path.join(HERE, 'dist', `${name}.wasm`));
  // Nothing in it: eight bytes that every module begins with.
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  for (const name of ['byleave', 'evaluator', 'ledger']) {
    const built = await import(`../dist/${name}-core.js?another`);
    const others = ['byleave', 'evaluator', 'ledger'].filter((it) => it !== name).map((it) => [bytes(it), /another build/]);
    for (const [other, why] of [...others, [empty, /no module of Byleave/]]) {
      const error = await built.startFrom(other).then(() => assert.fail('it is loaded'), (it) => it);
      assert.ok(error instanceof built.InputError, String(error));
      assert.match(error.message, why);
      assert.ok(error.hint.includes(`${name}.wasm`), error.hint);
    }
    await built.startFrom(bytes(name));
    assert.equal(new built.Engine({ compiled }).decide({ at: '2026-07-01T12:00:00Z', contact: { channel: 'sms' } }).outcome, 'deny');
  }
});

const REQUEST = { at: '2026-07-01T12:00:00Z', contact: { channel: 'sms' } };

/** Asks with next to no stack left, at every depth, until it has been answered; how often it was not. */
function deeply(ask) {
  let [ended, answered] = [0, false];
  const dig = () => {
    try {
      dig();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    if (answered || ended > 3000) return;
    ended += 1;
    try {
      ask();
      answered = true;
    } catch (error) {
      if (error.name !== 'RangeError' && error.name !== 'InternalError' && error.name !== 'RuntimeError') throw error;
    }
  };
  dig();
  return ended;
}

for (const name of ['byleave', 'evaluator']) {
  test(`${name}: after a call that ended for want of stack nothing is asked of its memory, and what is built anew answers`, async () => {
    const built = await import(`../dist/${name}-core.js?stack`);
    built.startSync(fs.readFileSync(path.join(HERE, 'dist', `${name}.wasm`)));
    const want = new built.Engine({ compiled }).decide(REQUEST).json();
    let spent = 0;
    for (let n = 0; n < 10 && spent < 2; n++) {
      const engine = new built.Engine({ compiled });
      const [facts, aside] = [engine.facts(REQUEST), engine.facts(REQUEST)];
      for (let warm = 0; warm < 50; warm++) engine.explain(REQUEST);
      assert.ok(deeply(() => (engine.explain(REQUEST), engine.decideFacts(facts))) > 0);
      const asks = [() => engine.decide(REQUEST), () => engine.decideFacts(facts), () => engine.decideMany([REQUEST])[0]];
      // Where it was the JavaScript around the module that had no stack left, nothing has ended in there.
      const over = (() => { try { return facts.at === ''; } catch { return true; } })();
      for (const ask of asks) {
        if (!over) {
          assert.equal(ask().json(), want);
          continue;
        }
        const error = refused(ask);
        assert.ok(error instanceof built.InternalError, String(error));
        assert.match(error.hint, /build it anew/);
      }
      facts.free();
      aside.free();
      engine.free();
      // A new start, asked for or not.
      if (over && spent++ === 0) await built.startFrom(BYTES);
      assert.equal(new built.Engine({ compiled }).decide(REQUEST).json(), want);
    }
    assert.ok(spent > 0, 'no call ended within the module');
  });
}

test('what the host\'s own collector finds after such a call ends nothing', () => {
  const code = `
    import fs from 'node:fs';
    import { Engine } from ${JSON.stringify(pathToFileURL(path.join(HERE, 'dist/evaluator.node.js')))};
    const compiled = fs.readFileSync(0);
    const request = ${JSON.stringify(REQUEST)};
    ${deeply}
    for (let n = 0; n < 8; n++) {
      (() => {
        const engine = new Engine({ compiled });
        const facts = engine.facts(request);
        for (let warm = 0; warm < 100; warm++) engine.explain(request);
        let at = 0;
        deeply(() => (at++ % 2 ? engine.decideFacts(facts) : (engine.facts(request), engine.explain(request))));
      })();
      globalThis.gc();
      await new Promise((done) => setTimeout(done, 20));
      if (n === 3) new Engine({ compiled }).decide(request);
    }
    console.log(new Engine({ compiled }).decide(request).outcome);
  `;
  const ran = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', code], { encoding: 'utf8', input: compiled });
  assert.equal(ran.stdout, 'deny\n', ran.stderr);
});
