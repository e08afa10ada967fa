// Everything that hosts of the small build see, in one file.
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
  LimitError,
  Plan,
  Planned,
  PolicyError,
  Verdict,
  version,
} = byleave;
