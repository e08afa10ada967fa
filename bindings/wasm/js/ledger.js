// Everything that hosts of the build with the ledger see, in one file.
import byleave from 'shared/index.js';

// What is asked where policy is written: this build has none of it.
for (const verb of ['compile', 'interpretReply', 'schema']) delete byleave.Engine.prototype[verb];
delete byleave.Decision.fromJson;

export { startFrom, startSync } from './native.js';
export const {
  ByleaveError,
  Decision,
  Engine,
  Explanation,
  Facts,
  InputError,
  InternalError,
  Ledger,
  LedgerError,
  LimitError,
  Plan,
  Planned,
  PolicyError,
  Verdict,
  generateKey,
  publicKey,
  verifyBundle,
  version,
} = byleave;
