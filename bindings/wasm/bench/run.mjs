// Prints how long the small build takes from its bytes to the first decision in Chromium and what a warm one costs there; and what
// warm calls cost in Node on WebAssembly and on its addon, where that is built, in one run: `node bench/run.mjs`, or of these alone
// `node bench/run.mjs chromium` or `… node`. Meaningful on a quiet machine only; compare ratios of one run.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
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

const ROUNDS = 500;
const PERSONS = 40;
const BLOCK = 80;
const TURNS = 60;

async function chromium() {
  const served = await serve(HERE, {
    '/index.html': '<!doctype html><title>Bench</title><link rel="icon" href="data:,"><script type="module" src="/bench/page.js"></script>',
    '/shop.compiled': Buffer.from(new wasm.Engine({ texts: SHOP }).compile(['America/New_York'])),
    '/request.json': JSON.stringify(REQUEST),
  });
  const shown = await browser();
  const taken = {};
  for (let n = 0; n < 7; n++) {
    const { page } = await open(shown, `${served.address}/index.html`);
    await page.waitForFunction(() => globalThis.step !== undefined);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const thread = async () => (await session.send('Performance.getMetrics')).metrics.find((it) => it.name === 'ThreadTime').value * 1000;
    // What asking itself takes of the page's thread, last time.
    let asking = 0;
    for (const step of ['nothing', 'compile', 'start', 'load', 'first', 'warm']) {
      const before = await thread();
      const clock = await page.evaluate(([name, rounds]) => globalThis.step(name, rounds), [step, ROUNDS]);
      const own = (await thread()) - before;
      if (step === 'nothing') asking = own;
      else (taken[step] ??= []).push([clock, Math.max(0, own - asking)]);
    }
    await page.close();
  }
  await shown.close();
  served.close();

  const middle = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  const first = ['compile', 'start', 'load', 'first'];
  taken.all = taken.load.map((_, n) => [0, 1].map((of) => first.reduce((sum, step) => sum + taken[step][n][of], 0)));
  console.log('| Chromium, medians of 7 | ms by the clock | ms of the page\'s thread |\n|---|---|---|');
  for (const step of [...first, 'all']) {
    console.log(`| ${step} | ${[0, 1].map((of) => middle(taken[step].map((it) => it[of])).toFixed(1)).join(' | ')} |`);
  }
  console.log(`a warm decision there: ${((middle(taken.warm.map(([, own]) => own)) / ROUNDS) * 1000).toFixed(0)} µs of the thread`);
}

/** The persons of the benchmark's population, of 12 consent events and 20 past contacts each. */
function population() {
  const root = path.resolve(HERE, '../..');
  const asked = ['run', '--quiet', '--package', 'byleave-tests', '--example', 'population', '--', String(PERSONS)];
  const ran = spawnSync('cargo', asked, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
  if (ran.status !== 0) throw new Error('the population could not be made');
  const twelve = fs.readFileSync(path.join(root, 'tests/benches/policy/twelve.leave'), 'utf8');
  return { texts: { 'twelve/twelve.leave': twelve }, requests: ran.stdout.trim().split('\n').map((line) => JSON.parse(line).request) };
}

const hosts = { wasm };

/** Ways to ask of one engine; each is given the number of a request. */
function ways({ Engine }, { texts, requests }) {
  const engine = new Engine({ texts });
  const written = requests.map((it) => JSON.stringify(it));
  const prepared = requests.map((it) => engine.facts(it));
  return {
    'decide(object)': (n) => engine.decide(requests[n]),
    "decide(object), `detail` is `outcome`": (n) => engine.decide(requests[n], { detail: 'outcome' }),
    'decide(text)': (n) => engine.decide(written[n]),
    'facts(object)': (n) => free(engine.facts(requests[n])),
    'decideFacts(facts)': (n) => engine.decideFacts(prepared[n]),
    'verdict(facts)': (n) => engine.verdict(prepared[n]),
  };
}

/** Gives memory back that WebAssembly would keep until the collector finds it. */
const free = (facts) => facts.free?.();

/** Microseconds of one warm call: blocks in turn, each host in its own, once unmeasured and once measured; the quickest of many rounds. */
function timed(kind) {
  const asked = Object.entries(hosts).map(([name, host]) => [name, ways(host, kind)]);
  const { length } = kind.requests;
  const least = {};
  for (let round = 0; round < TURNS; round++) {
    for (const way of Object.keys(asked[0][1])) {
      for (const [name, { [way]: ask }] of asked) {
        const block = () => {
          for (let n = 0; n < BLOCK; n++) ask(n % length);
        };
        block();
        const start = process.hrtime.bigint();
        block();
        const took = Number(process.hrtime.bigint() - start) / 1000 / BLOCK;
        const of = (least[way] ??= {});
        of[name] = Math.min(of[name] ?? Infinity, took);
      }
    }
  }
  return least;
}

/** Both hosts, where both are there. */
function node() {
  try {
    hosts.addon = createRequire(import.meta.url)(process.env.BYLEAVE_NODE ?? '../../node/lib/index.js');
  } catch {
    console.log('the addon of bindings/node is not built: nothing to compare with');
  }
  const names = Object.keys(hosts);
  const kinds = { 'the small request': { texts: SHOP, requests: [REQUEST] }, '12 events, 20 past contacts': population() };
  for (const [name, kind] of Object.entries(kinds)) {
    console.log(`\n| Node ${process.versions.node}, ${name} | ${names.map((it) => `${it}, µs`).join(' | ')} | times |`);
    console.log(`|---|${'---|'.repeat(names.length + 1)}`);
    for (const [way, of] of Object.entries(timed(kind))) {
      const times = of.addon === undefined ? '' : (of.wasm / of.addon).toFixed(1);
      console.log(`| ${way} | ${names.map((it) => of[it].toFixed(1)).join(' | ')} | ${times} |`);
    }
  }
}

const [asked] = process.argv.slice(2);
if (asked !== 'node') await chromium();
if (asked !== 'chromium') node();
