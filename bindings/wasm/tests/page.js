// Runs in a browser: the corpus' answers, what replies mean, and whether a handle outlives bad input. The test asks for them by name.
import { ByleaveError, Engine, init } from '/dist/index.js';

const said = (ask) => {
  try {
    return ask().json();
  } catch (error) {
    if (!(error instanceof ByleaveError)) throw error;
    return error.json();
  }
};

/** What the test asks for, once the engine is there. */
const doors = {
  /** Every case's answers, as lines for the comparison of all languages. */
  async corpus() {
    const cases = await (await fetch('/cases.json')).json();
    const engines = new Map();
    const out = [];
    for (const { file, name, policy, request, planned } of cases) {
      const key = JSON.stringify(policy);
      if (!engines.has(key)) engines.set(key, new Engine(policy));
      const engine = engines.get(key);
      for (const [verb, ask] of [
        ['decide', () => engine.decide(request)],
        ['explain', () => engine.explain(request)],
        ['plan', () => engine.plan(planned)],
      ]) {
        out.push(`${file}\t${name}\t${verb}\t${said(ask)}`);
      }
    }
    return out;
  },

  /** What every reply of the corpus means. */
  async replies() {
    const cases = await (await fetch('/replies.json')).json();
    const engines = new Map();
    return cases.map(({ name, packs, text, language, context }) => {
      const key = packs.join();
      if (!engines.has(key)) engines.set(key, new Engine({ packs }));
      return `${name}\t${said(() => engines.get(key).interpretReply(text, { language, context }))}`;
    });
  },

  /** Whether the same handle answers as before after each of many that are refused. */
  async hostile() {
    const engine = new Engine({ packs: 'us.tcpa' });
    const deep = (levels) => '{"person":'.repeat(levels);
    const request = { at: '2026-07-01T21:30:00-04:00', contact: { channel: 'sms' } };
    const before = engine.decide(request).json();
    const refused = [];
    let nested = 1;
    for (let n = 0; n < 100_000; n++) nested = [nested];
    for (const bad of [null, 7, '', '[]', deep(100), deep(300_000), nested, '\ud800', new Uint8Array([0xff]), ' '.repeat(5 << 20)]) {
      try {
        engine.decide(bad);
        refused.push('nothing');
      } catch (error) {
        refused.push(error instanceof ByleaveError ? error.kind : String(error));
      }
      if (engine.decide(request).json() !== before) refused.push('another answer');
    }
    for (const text of ['('.repeat(100_000), `rule a { when ${'not ('.repeat(50_000)}`, 'pack '.repeat(10_000)]) {
      try {
        new Engine({ texts: text });
        refused.push('nothing');
      } catch (error) {
        refused.push(error instanceof ByleaveError ? error.kind : String(error));
      }
      if (engine.decide(request).json() !== before) refused.push('another answer');
    }
    return refused;
  },
};

await init();
globalThis.byleave = doors;
