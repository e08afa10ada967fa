// Byleave for `import`: the very same classes and functions that `require` gives.
import byleave from './index.js';

export const {
  ByleaveError,
  Decision,
  Engine,
  Explanation,
  Facts,
  InputError,
  InternalError,
  Interpretation,
  Ledger,
  LedgerError,
  LimitError,
  Plan,
  Planned,
  PolicyError,
  Verdict,
  check,
  generateKey,
  locate,
  packs,
  publicKey,
  verifyBundle,
  version,
} = byleave;
