// Threads that come and go, and memory that is given back: each in a process of its own, where nothing else is loaded.
'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const test = require('node:test');

const BYLEAVE = JSON.stringify(path.resolve(__dirname, '../lib/index.js'));

/** What a program prints that ends well. */
function ran(code) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--eval', code], { encoding: 'utf8' });
  assert.deepEqual([status, signal], [0, null], stderr);
  return stdout;
}

const ASKS = `const { Engine } = require(${BYLEAVE});
const request = { at: '2026-07-01T12:00:00Z', contact: { channel: 'sms' } };
const engine = new Engine({ packs: 'us.tcpa' });
engine.decide(request);`;

test('threads load it and end, whether or not the main thread ever does', () => {
  const threads = `const { Worker } = require('node:worker_threads');
const thread = () => new Promise((done, failed) => new Worker(${JSON.stringify(ASKS)}, { eval: true }).on('exit', done).on('error', failed));
(async () => {
  for (let n = 0; n < 3; n++) await thread();
  await Promise.all([thread(), thread()]);
  AFTERWARDS
  console.log('ended');
})();`;
  assert.equal(ran(threads.replace('AFTERWARDS', '')), 'ended\n');
  // A thread that has loaded it first is not the one to whom it belongs.
  assert.equal(ran(threads.replace('AFTERWARDS', ASKS)), 'ended\n');
});

test('what is freed gives its memory back before the collector comes', () => {
  /** How much the memory of a process grows while it builds so many engines. */
  const grown = (then) => Number(ran(`const { Engine } = require(${BYLEAVE});
const build = () => new Engine({ packs: 'us.tcpa' });
build();
const kept = [];
const before = process.memoryUsage.rss();
for (let n = 0; n < 24; n++) { const engine = build(); kept.push(engine); ${then} }
console.log(process.memoryUsage.rss() - before);`));
  const [kept, freed] = [grown(''), grown('engine.free();')];
  assert.ok(freed < kept / 2, `${freed} bytes, and ${kept} where all are kept`);
});

test('what has been freed answers nothing more, whoever asks the addon', () => {
  const { native } = require('../lib/native.js');
  const held = native.build({ packs: ['us.tcpa'], paths: [], texts: [], given: true });
  const request = JSON.stringify({ at: '2026-07-01T12:00:00Z', contact: { channel: 'sms' } });
  const facts = held.facts(request);
  facts.free();
  assert.throws(() => held.verdict(facts));
  assert.throws(() => facts.at);
  held.free();
  assert.throws(() => held.decide(request));
});
