// The whole build for Node where no addon fits: the doors that `bindings/node/lib` knocks at, on the module beside this file, which
// is there at once. Faults come out as the addon throws them, so that what stands before the door cannot tell the two apart.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ByleaveError } from 'shared/errors.js';
import { fault } from './host.cjs';
import { native as inside, startSync } from './native.js';

startSync(readFileSync(path.join(__dirname, 'byleave.wasm')));

/** The text of a fault, be it Rust's or of the JavaScript here. */
function told(error) {
  return error instanceof ByleaveError
    ? JSON.stringify({ class: error.name, error: error.toJSON(), diagnostics: [] })
    : fault(error);
}

/** The same call, whose faults are errors with a code. */
function coded(call) {
  return function called(...given) {
    try {
      return call.apply(this, given);
    } catch (error) {
      const text = told(error);
      throw text === undefined ? error : Object.assign(new Error(text), { code: 'BYLEAVE' });
    }
  };
}

// Engines are made inside: their verbs are changed where all of them find them.
const { NativeEngine, NativeFacts, ...doors } = inside;
for (const verb of Object.getOwnPropertyNames(NativeEngine.prototype)) {
  if (verb !== 'constructor') NativeEngine.prototype[verb] = coded(NativeEngine.prototype[verb]);
}

export const native = {
  NativeFacts,
  ...Object.fromEntries(Object.entries(doors).map(([name, door]) => [name, coded(door)])),
};
