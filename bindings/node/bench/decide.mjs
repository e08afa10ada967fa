// How long a call takes from Node, and how long the same twelve rules take two other engines that get local hours, counts and
// latest consents worked out: `npm install && npm run bench`. All of them have to agree on everybody before anything is timed.
// Blocks of persons are asked in turn by each way, once unmeasured and once measured, and of many rounds the quickest of each
// counts: compare ratios of one run.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '../../..');
const { Engine } = require('..');
const cedar = require('@cedar-policy/cedar-wasm/nodejs');
const { ZenEngine } = require('@gorules/zen-engine');

const PERSONS = 200;
const ROUNDS = Number(process.argv[2] ?? 60);
const text = (name) => fs.readFileSync(path.join(ROOT, 'tests/benches', name), 'utf8');

function population() {
  const asked = ['run', '--quiet', '--package', 'byleave-tests', '--example', 'population', '--', String(PERSONS)];
  const ran = spawnSync('cargo', asked, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
  if (ran.status !== 0) throw new Error('the population could not be made');
  return ran.stdout.trim().split('\n').map((line) => JSON.parse(line));
}

const persons = population();
const engine = new Engine({ texts: { 'twelve/twelve.leave': text('policy/twelve.leave') } });
const prepared = persons.map((it) => engine.facts(it.request));
const written = persons.map((it) => JSON.stringify(it.request));

const parsed = cedar.preparsePolicySet('twelve', { staticPolicies: text('peers/twelve.cedar') });
if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed));
const RULES = [...text('peers/twelve.cedar').matchAll(/@id\("(\w+)"\)/g)].map(([, id]) => id);
function askCedar(context) {
  return cedar.statefulIsAuthorized({
    principal: { type: 'Sender', id: 'a' },
    action: { type: 'Action', id: 'contact' },
    resource: { type: 'Person', id: 'b' },
    context,
    preparsedPolicySetId: 'twelve',
    entities: [],
  });
}
const zen = new ZenEngine().createDecision(Buffer.from(text('peers/twelve.zen.json')));

/** Reads all that an answer says. */
function readAll(answer) {
  for (const key in answer) {
    const it = answer[key];
    if (typeof it === 'object' && it !== null) readAll(it);
  }
  return answer;
}

const WAYS = {
  'decide(object)': (n) => engine.decide(persons[n].request),
  'decide(object), all of it read': (n) => readAll(engine.decide(persons[n].request)),
  "decide(object, detail 'outcome')": (n) => engine.decide(persons[n].request, { detail: 'outcome' }),
  'decide(text)': (n) => engine.decide(written[n]),
  'facts(object)': (n) => engine.facts(persons[n].request),
  'decideFacts(facts)': (n) => engine.decideFacts(prepared[n]),
  'verdict(facts)': (n) => engine.verdict(prepared[n]),
  'cedar-wasm': (n) => askCedar(persons[n].worked_out),
  'zen-engine': (n) => zen.evaluate(persons[n].worked_out),
};

/** Every way says the same of everybody: the same outcome, and where it is told the same rules. */
async function agree() {
  const same = (n, who, said, meant) => {
    if (JSON.stringify(said) === JSON.stringify(meant)) return;
    throw new Error(`person ${n}: ${who} says ${JSON.stringify(said)}, not ${JSON.stringify(meant)}`);
  };
  const outcomes = {};
  for (const [n, { outcome, blocking, worked_out }] of persons.entries()) {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const rules = [...blocking].sort();
    for (const way of ['decide(object)', 'decide(object), all of it read', "decide(object, detail 'outcome')", 'decide(text)', 'decideFacts(facts)', 'verdict(facts)']) {
      const answer = WAYS[way](n);
      same(n, way, answer.outcome, outcome);
      if (answer.reasons?.length > 0) same(n, way, answer.reasons.map((it) => it.rule.slice('twelve.'.length)), rules);
    }
    const { type, response } = askCedar(worked_out);
    same(n, 'cedar-wasm', [type, response?.decision, response?.diagnostics.errors], ['success', outcome === 'allow' ? 'allow' : 'deny', []]);
    const named = response.diagnostics.reason.map((id) => RULES[Number(id.replace('policy', ''))] ?? id);
    same(n, 'cedar-wasm', named.filter((id) => id !== 'all_else').sort(), rules);
    const { result } = await zen.evaluate(worked_out);
    same(n, 'zen-engine', Object.keys(result).filter((rule) => result[rule]).sort(), rules);
  }
  console.log(`${persons.length} persons, all agree: ${JSON.stringify(outcomes)}`);
}

/** Microseconds a call, of the quickest round of each block. */
async function timed() {
  const BLOCK = 20;
  const least = Object.fromEntries(Object.keys(WAYS).map((way) => [way, new Array(PERSONS / BLOCK).fill(Infinity)]));
  for (let round = 0; round < ROUNDS; round++) {
    for (let block = 0; block < PERSONS / BLOCK; block++) {
      for (const [name, way] of Object.entries(WAYS)) {
        const awaited = name === 'zen-engine';
        const ask = async () => {
          for (let n = block * BLOCK; n < (block + 1) * BLOCK; n++) {
            if (awaited) await way(n);
            else way(n);
          }
        };
        await ask();
        const start = process.hrtime.bigint();
        await ask();
        const took = Number(process.hrtime.bigint() - start) / 1000 / BLOCK;
        least[name][block] = Math.min(least[name][block], took);
      }
    }
  }
  return Object.fromEntries(Object.entries(least).map(([way, of]) => [way, of.reduce((a, b) => a + b) / of.length]));
}

await agree();
const took = await timed();
const peers = ['cedar-wasm', 'zen-engine'];
console.log(`\n| Node ${process.versions.node}, 12 events, 20 past contacts | µs | ${peers.map((it) => `${it} takes`).join(' | ')} |\n|---|---|---|---|`);
for (const [way, us] of Object.entries(took)) {
  console.log(`| ${way} | ${us.toFixed(1)} | ${peers.map((peer) => `${(took[peer] / us).toFixed(1)} times`).join(' | ')} |`);
}
