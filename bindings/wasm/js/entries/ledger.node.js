// The build of Byleave that evaluates compiled packs and holds ledgers in memory, in Node and what is like it: the engine lies beside
// this file, and is there at once.
import { readFileSync } from 'node:fs';
import { startSync } from './ledger-core.js';

export {
  ByleaveError, Decision, Engine, Explanation, Facts, InputError, InternalError, Ledger, LedgerError, LimitError, Plan, Planned,
  PolicyError, Verdict, generateKey, publicKey, verifyBundle, version,
} from './ledger-core.js';

startSync(readFileSync(new URL('./ledger.wasm', import.meta.url)));

/** It is loaded already; for programs that run in browsers too. */
export async function init() {}
