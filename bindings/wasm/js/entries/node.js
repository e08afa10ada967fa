// Byleave in Node and what is like it: the engine lies beside this file, and is there at once.
import { readFileSync } from 'node:fs';
import { startSync } from './byleave-core.js';

export {
  ByleaveError, Decision, Engine, Explanation, Facts, InputError, InternalError, Interpretation, LimitError, Plan, Planned, PolicyError,
  Verdict, check, locate, packs, version,
} from './byleave-core.js';

startSync(readFileSync(new URL('./byleave.wasm', import.meta.url)));

/** It is loaded already; for programs that run in browsers too. */
export async function init() {}
