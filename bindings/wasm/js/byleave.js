// Everything that hosts see, in one file; those in `entries/` start it, each in its own way.
import byleave from 'shared/index.js';

export { startFrom, startSync } from './native.js';
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
