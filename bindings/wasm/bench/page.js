// Runs in a browser: how long from the bytes to the first decision, and how long a warm one takes. The bench asks by name.
import { Engine, init } from '/dist/evaluator.js';

const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());

globalThis.bench = async (rounds) => {
  const [module, compiled, request] = await Promise.all([
    bytes('/dist/evaluator.wasm'), bytes('/shop.compiled'), fetch('/request.json').then((it) => it.json()),
  ]);
  const start = performance.now();
  const built = await WebAssembly.compile(module);
  const compiledAt = performance.now();
  await init(built);
  const engine = new Engine({ compiled });
  const loaded = performance.now();
  const first = engine.decide(request);
  const end = performance.now();
  for (let n = 0; n < rounds; n++) engine.decide(request);
  const warm = performance.now();
  return {
    outcome: first.outcome,
    compile_ms: compiledAt - start,
    load_ms: loaded - compiledAt,
    first_ms: end - loaded,
    all_ms: end - start,
    warm_us: ((warm - end) / rounds) * 1000,
  };
};
