// The module written in Rust, with the same doors as Node's addon; and how it is started.
import * as glue from 'byleave-glue';
import { refusal } from 'shared/errors.js';
import { Tape } from 'shared/tape.js';
import { fault } from './host.cjs';

let module;
let stack;

/** Runs on the module once it is there. */
function on(call) {
  if (module === undefined) {
    const error = { kind: 'input', message: 'Byleave is not loaded yet', hint: '`await init()` before all else' };
    throw refusal(JSON.stringify({ class: 'InputError', error, diagnostics: [] }));
  }
  try {
    return call();
  } catch (error) {
    // What ends in the middle (a host that has no stack left) leaves what it held there; the next call has all of it.
    module.__stack_pointer.value = stack;
    throw error;
  }
}

function started(exports) {
  module = exports;
  stack = module.__stack_pointer.value;
}

/** Starts with the module's bytes, or compiled, at once. */
export function startSync(source) {
  if (module === undefined) started(glue.initSync({ module: source }));
}

/** Starts with what may have to be fetched first. */
export async function startFrom(source) {
  const exports = await glue.default({ module_or_path: source });
  // Whoever came first has started it.
  if (module === undefined) started(exports);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A request as text. What is wrong with bytes that are none, the engine says. */
function text(sent) {
  if (typeof sent === 'string') return sent;
  try {
    return decoder.decode(sent);
  } catch {
    on(() => glue.readBytes(sent));
    throw new TypeError('these bytes are not UTF-8');
  }
}

/** One of several: its answer, or why there is none. */
function answer(engine, sent, over) {
  try {
    return on(() => engine.decide(text(sent), over));
  } catch (error) {
    if (typeof error !== 'string') throw error;
    return { refused: error };
  }
}

/** Lets whatever else waits have its turn. */
const turn = () => new Promise((done) => setTimeout(done));

/** Of the memory in which `tape.js` writes, what it has written. */
function crossing([bytes, value, shapes, text, length, over]) {
  return [bytes.subarray(0, (value + shapes) * 4), value, bytes.subarray(text, text + length), over];
}

/** An engine, as Node's addon has it. */
class NativeEngine {
  #held;

  constructor(held) {
    this.#held = held;
  }

  compile(zones) {
    return on(() => this.#held.compile(zones === undefined ? undefined : JSON.stringify(zones)));
  }

  decide(sent, over) {
    return on(() => this.#held.decide(text(sent), over));
  }

  decideMany(requests, over) {
    on(() => glue.readOver(over));
    return requests.map((sent) => answer(this.#held, sent, over));
  }

  // There is no other thread; between batches the page has its turn. What is sent is taken when it is sent.
  async decideManyAsync(requests, over) {
    const copied = (bytes) => (bytes.byteLength === 0 ? new Uint8Array() : Uint8Array.from(bytes));
    const taken = requests.map((sent) => (typeof sent === 'string' ? sent : copied(sent)));
    await turn();
    return this.decideMany(taken, over);
  }

  // Where a request crosses as words and bytes.
  keys() {
    return on(() => this.#held.keys()).split('\n');
  }

  decideTape(...tape) {
    return on(() => this.#held.decideTape(...crossing(tape)));
  }

  factsTape(...tape) {
    return on(() => this.#held.factsTape(...crossing(tape)));
  }

  plan(sent, over) {
    return on(() => this.#held.plan(text(sent), over));
  }

  explain(sent, over) {
    return on(() => this.#held.explain(text(sent), over));
  }

  interpretReply(message, language, sent) {
    return on(() => this.#held.interpretReply(message, language, sent === undefined ? undefined : text(sent)));
  }

  facts(sent, over) {
    return on(() => this.#held.facts(text(sent), over));
  }

  verdict(facts) {
    return on(() => this.#held.verdict(facts));
  }

  decideFacts(facts) {
    return on(() => this.#held.decideFacts(facts));
  }

  packs() {
    return on(() => this.#held.packs());
  }

  // What is compiled leaves the checker's warnings behind.
  warnings() {
    return BYLEAVE_TEXT ? on(() => this.#held.warnings()) : '[]';
  }

  schema(of) {
    return on(() => this.#held.schema(of));
  }

  free() {
    this.#held.free();
  }

  /** What a ledger decides with. */
  static held(engine) {
    return engine.#held;
  }
}

const encoder = new TextEncoder();

/** Text as bytes; bytes as they are. */
const bytes = (sent) => (typeof sent === 'string' ? encoder.encode(sent) : sent);

/** Several texts, as they cross. */
function texts(all) {
  const out = new glue.NativeTexts();
  for (const it of all) out.push(bytes(it));
  return out;
}

/** The same when the page has had its turn, as a text, or as the error that it ends in: there is no other thread. */
async function later(call) {
  await turn();
  try {
    return call();
  } catch (error) {
    const refused = fault(error);
    if (refused === undefined) throw error;
    return { refused };
  }
}

/** A ledger, as Node's addon has it. */
class NativeLedger {
  #held;

  constructor(held) {
    this.#held = held;
  }

  append(events) {
    return on(() => this.#held.append(texts(events)));
  }

  // What is sent is taken when it is sent.
  appendAsync(events) {
    const taken = events.map((event) => Uint8Array.from(bytes(event)));
    return later(() => this.append(taken));
  }

  decide(engine, sent, over, given) {
    const answered = on(() => this.#held.decide(NativeEngine.held(engine), text(sent), over, given));
    const { decision, receipt } = answered;
    answered.free();
    return { decision, receipt };
  }

  facts(given) {
    return on(() => this.#held.facts(given));
  }

  keeps(given) {
    return on(() => this.#held.keeps(given));
  }

  checkpoint(given) {
    return on(() => this.#held.checkpoint(given));
  }

  verify(given) {
    return on(() => this.#held.verify(given));
  }

  verifyAsync(given) {
    return later(() => this.verify(given));
  }

  erase(given) {
    return on(() => this.#held.erase(given));
  }

  export(given, all) {
    return on(() => this.#held.export(given, texts(all)));
  }

  exportAsync(given, all) {
    const taken = all.map((it) => Uint8Array.from(bytes(it)));
    return later(() => this.export(given, taken));
  }

  linesSince(given) {
    return on(() => this.#held.linesSince(given));
  }

  linesSinceAsync(given) {
    return later(() => this.linesSince(given));
  }

  takeIn(told, given) {
    return on(() => this.#held.takeIn(bytes(told), given));
  }

  takeInAsync(told, given) {
    const taken = Uint8Array.from(bytes(told));
    return later(() => this.takeIn(taken, given));
  }

  save() {
    return on(() => this.#held.save());
  }

  size() {
    return on(() => this.#held.size());
  }

  close() {
    on(() => this.#held.close());
  }

  get place() {
    return on(() => this.#held.place);
  }
}

/** What writes plain objects; nothing in a build to which they cross as text. */
export { Tape };

function asked({ packs, texts, given }) {
  const wanted = new glue.NativeWanted(given);
  for (const name of packs) wanted.pack(name);
  for (const it of texts) wanted.text(it.name, bytes(it.text));
  return wanted;
}

export const native = {
  NativeEngine,
  NativeFacts: glue.NativeFacts,
  ...(BYLEAVE_TEXT && {
    build: (what, limits) => on(() => new NativeEngine(glue.build(asked(what), limits))),
    check: (what) => on(() => glue.check(asked(what))),
    locate: (known) => on(() => glue.locate(text(known))),
    packs: () => JSON.parse(on(() => glue.packs())),
  }),
  ...(BYLEAVE_LEDGER && {
    openLedger: (place, readOnly, saved) => on(() => new NativeLedger(glue.openLedger(place, readOnly, saved))),
    verifyBundle: (bundle, given) => on(() => glue.verifyBundle(bytes(bundle), given)),
    generateKey: () => on(() => glue.generateKey()),
    publicKey: (key) => on(() => glue.publicKey(key)),
  }),
  limits: () => on(() => glue.limits()),
  load: (bytes) => on(() => new NativeEngine(glue.load(bytes))),
  path: (steps) => (module === undefined ? steps.join('.') : on(() => glue.path(JSON.stringify(steps)))),
  readDecision: (said) => on(() => glue.readDecision(said)),
  version: () => BYLEAVE_VERSION,
};
