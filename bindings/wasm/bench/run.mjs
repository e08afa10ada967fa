// Prints how long the small build takes from its bytes to the first decision in Chromium, and what a warm decision costs there, in
// Node on WebAssembly, and in Node on its addon where that is built: `node bench/run.mjs`. Meaningful on a quiet machine only.
import { createRequire } from 'node:module';
import * as wasm from 'byleave-wasm';
import { HERE, browser, open, serve } from '../tests/chromium.js';

const SHOP = `
pack org.shop { title "The shop" edition "1" }
use core
use us.tcpa
sender shop marked seller
reaches US by text
`;

const REQUEST = {
  at: '2026-07-01T21:30:00-04:00',
  person: { time_zones: ['America/New_York'], jurisdictions: ['US-NY'] },
  sender: { id: 'shop', kind: ['seller'] },
  contact: { channel: 'sms', purpose: ['marketing'], technology: ['manual'] },
  address: { value: '+12125550142', line: ['wireless'] },
  content: { includes: ['sender_identity', 'sender_contact'] },
  consents: [],
  lists: [{ list: 'national_dnc', address: '+12125550142', result: 'not_listed', version_at: '2026-06-20' }],
};

const ROUNDS = 2_000;

const served = await serve(HERE, {
  '/index.html': '<!doctype html><title>Bench</title><link rel="icon" href="data:,"><script type="module" src="/bench/page.js"></script>',
  '/shop.compiled': Buffer.from(new wasm.Engine({ texts: SHOP }).compile(['America/New_York'])),
  '/request.json': JSON.stringify(REQUEST),
});
const shown = await browser();
const times = [];
for (let n = 0; n < 7; n++) {
  const { page } = await open(shown, `${served.address}/index.html`);
  await page.waitForFunction(() => globalThis.bench !== undefined);
  times.push(await page.evaluate((rounds) => globalThis.bench(rounds), ROUNDS));
  await page.close();
}
await shown.close();
served.close();

const middle = (key) => times.map((it) => it[key]).sort((a, b) => a - b)[Math.floor(times.length / 2)].toFixed(2);
const steps = ['compile_ms', 'load_ms', 'first_ms', 'all_ms', 'warm_us'].map((key) => `${key} ${middle(key)}`);
console.log(`Chromium, medians of ${times.length}: ${steps.join(', ')}`);

/** Microseconds of one warm decision, the best of several rounds, each host in its turn. */
const hosts = { wasm };
try {
  hosts.addon = createRequire(import.meta.url)(process.env.BYLEAVE_NODE ?? '../../node/lib/index.js');
} catch {
  console.log('the addon of bindings/node is not built: nothing to compare with');
}
const engines = Object.entries(hosts).map(([name, it]) => [name, new it.Engine({ texts: SHOP }), []]);
for (let round = 0; round < 7; round++) {
  for (const [, engine, taken] of engines) {
    const start = performance.now();
    for (let n = 0; n < ROUNDS; n++) engine.decide(REQUEST);
    taken.push(((performance.now() - start) / ROUNDS) * 1000);
  }
}
for (const [name, , taken] of engines) console.log(`Node, ${name}: ${Math.min(...taken).toFixed(1)} µs a warm decision`);
