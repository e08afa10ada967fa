// Everything that hosts of the small build see, in one file.
import byleave from 'shared/index.js';

// What is asked where policy is written, and where answers are kept: this build has none of it.
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
  LimitError,
  Plan,
  Planned,
  PolicyError,
  Verdict,
  version,
} = byleave;
