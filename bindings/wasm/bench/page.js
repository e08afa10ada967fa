// Runs in a browser: from the bytes to the first decision, step by step, and what a warm one takes. The bench asks by name.
import { Engine, init } from '/dist/evaluator.js';

const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
const [module, compiled, request] = await Promise.all([
  bytes('/dist/evaluator.wasm'), bytes('/shop.compiled'), fetch('/request.json').then((it) => it.json()),
]);

let built;
let engine;
const STEPS = {
  nothing: () => {},
  compile: async () => void (built = await WebAssembly.compile(module)),
  start: () => init(built),
  load: () => void (engine = new Engine({ compiled })),
  first: () => void engine.decide(request),
  warm: (rounds) => {
    for (let n = 0; n < rounds; n++) engine.decide(request);
  },
};

/** Milliseconds that a step takes by the clock. */
globalThis.step = async (name, rounds) => {
  const start = performance.now();
  await STEPS[name](rounds);
  return performance.now() - start;
};
