// Answers never change: whatever comes out of JSON text here is frozen to its leaves.
'use strict';

/** The list of nothing, which is what the wire leaves out. */
const LIST = Object.freeze([]);

function freeze(value) {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const key of Object.keys(value)) freeze(value[key]);
    Object.freeze(value);
  }
  return value;
}

module.exports = { freeze, LIST };
