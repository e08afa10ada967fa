// Byleave for browsers and those who bundle for them. Nothing is fetched before `init` is called.
import { startFrom } from './byleave-core.js';

export {
  ByleaveError, Decision, Engine, Explanation, Facts, InputError, InternalError, Interpretation, LimitError, Plan, Planned, PolicyError,
  Verdict, check, locate, packs, version,
} from './byleave-core.js';

/** Loads the engine: from beside this file, or from where it is said to be. It may be called again. */
export async function init(source = new URL('./byleave.wasm', import.meta.url)) {
  await startFrom(source);
}
