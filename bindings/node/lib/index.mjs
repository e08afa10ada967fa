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
  LimitError,
  Plan,
  Planned,
  PolicyError,
  Verdict,
  check,
  locate,
  packs,
  version,
} = byleave;
