// The small build of Byleave, which evaluates compiled packs, for browsers and those who bundle for them. Nothing is fetched before `init` is called.
import { startFrom } from './evaluator-core.js';

export {
  ByleaveError, Decision, Engine, Explanation, Facts, InputError, InternalError, LimitError, Plan, Planned, PolicyError,
  Verdict, version,
} from './evaluator-core.js';

/** Loads the engine: from beside this file, or from where it is said to be. It may be called again. */
export async function init(source = new URL('./evaluator.wasm', import.meta.url)) {
  await startFrom(source);
}
