// The build of Byleave that evaluates compiled packs and holds ledgers in memory, for browsers and those who bundle for them. Nothing
// is fetched before `init` is called.
import { startFrom } from './ledger-core.js';

export {
  ByleaveError, Decision, Engine, Explanation, Facts, InputError, InternalError, Ledger, LedgerError, LimitError, Plan, Planned,
  PolicyError, Verdict, generateKey, publicKey, verifyBundle, version,
} from './ledger-core.js';

/** Loads the engine: from beside this file, or from where it is said to be. It may be called again. */
export async function init(source = new URL('./ledger.wasm', import.meta.url)) {
  await startFrom(source);
}
