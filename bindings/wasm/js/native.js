// The module written in Rust, with the same doors as Node's addon; and how it is started.
import { glue as fresh } from 'byleave-glue';
import { InputError, InternalError } from 'shared/errors.js';
import { Tape } from 'shared/tape.js';
import { fault } from './host.cjs';

/** What is compiled, and what of it is at work. */
let compiled;
let here;

const FILE = `${BYLEAVE_TEXT ? 'byleave' : BYLEAVE_LEDGER ? 'ledger' : 'evaluator'}.wasm`;

/**
 * The module at work, with its own JavaScript and memory. A call that ends in the middle (a host that has no stack left) leaves what
 * it held in its hands, and may have been giving memory out: nothing there is asked again, and nothing given back to it.
 */
class Running {
  #spent = false;

  constructor() {
    this.glue = fresh(this.#registry());
  }

  get spent() {
    return this.#spent;
  }

  /** Calls into it. What Rust refuses comes as text; whatever else is thrown has ended it in the middle. */
  on(call) {
    if (this.#spent) {
      const hint = 'build it anew; a ledger is made again from what was saved';
      throw new InternalError('an earlier call ended in the middle, and what was built before it cannot be asked any more', { hint });
    }
    try {
      return call(this.glue);
    } catch (error) {
      if (typeof error !== 'string') this.#spent = true;
      throw error;
    }
  }

  /** Gives memory back, which no host can do anything about if it fails. */
  release(free) {
    if (this.#spent) return;
    try {
      free();
    } catch {
      this.#spent = true;
    }
  }

  /** What gives back what the host's own collector has found. */
  #registry() {
    const running = this;
    return class extends FinalizationRegistry {
      constructor(free) {
        super((held) => running.release(() => free(held)));
      }
    };
  }
}

/** The module at work; after a call that ended in the middle, a new one. */
function current() {
  if (here === undefined) throw new InputError('Byleave is not loaded yet', { hint: '`await init()` before all else' });
  if (here.spent) startSync(compiled);
  return here;
}

/** Runs on the module once it is there. */
const on = (call) => current().on(call);

/** Whether a module is this build's own: the others have doors that it has not, or lack some. */
function fitting(module) {
  const doors = new Set(WebAssembly.Module.exports(module).map((it) => it.name));
  if (doors.has('load') && doors.has('build') === BYLEAVE_TEXT && doors.has('openLedger') === BYLEAVE_LEDGER) return module;
  throw new TypeError(doors.has('load') ? 'it is another build of Byleave' : 'it is no module of Byleave');
}

/** Starts with the module's bytes, or compiled, at once. */
export function startSync(source) {
  if (here !== undefined && !here.spent) return;
  const module = fitting(source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source));
  const running = new Running();
  running.glue.initSync({ module });
  [compiled, here] = [module, running];
}

/** What is compiled of a response: its body is read once, though it be given twice. */
const answered = new WeakMap();

/** The module of a response. */
async function compileAnswer(given) {
  if (!given.ok) throw new TypeError(`the answer is ${given.status} ${given.statusText}`.trim());
  // Otherwise it is compiled once all of it is there.
  const streamed = given.headers.get('content-type') === 'application/wasm' && WebAssembly.compileStreaming;
  return streamed ? WebAssembly.compileStreaming(given) : WebAssembly.compile(await given.arrayBuffer());
}

/** Compiles what may have to be fetched first; `told` hears where it comes from. */
async function compile(source, told) {
  let given = await source;
  if (typeof given === 'string' || given instanceof URL || (typeof Request === 'function' && given instanceof Request)) {
    told(given.url ?? String(given));
    given = await fetch(given);
  }
  if (typeof Response === 'function' && given instanceof Response) {
    if (given.url) told(given.url);
    if (!answered.has(given)) answered.set(given, compileAnswer(given));
    return answered.get(given);
  }
  return given instanceof WebAssembly.Module ? given : WebAssembly.compile(given);
}

/** Starts with what may have to be fetched first. Each start has its own fate; whoever is there first has started it. */
export async function startFrom(source) {
  let from = '';
  try {
    if (here !== undefined && !here.spent) return void (await source);
    const module = fitting(compiled ?? (await compile(source, (address) => (from = ` from ${address}`))));
    const running = new Running();
    await running.glue.init({ module_or_path: module });
    if (here === undefined || here.spent) [compiled, here] = [module, running];
  } catch (cause) {
    const hint = `is \`${FILE}\` copied beside the script? if it lies elsewhere, \`init('/${FILE}')\``;
    const error = new InputError(`Byleave cannot be loaded${from}: ${cause?.message ?? cause}`, { path: 'source', hint });
    error.cause = cause;
    throw error;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A request as text. What is wrong with bytes that are none, the engine says. */
function text(sent) {
  if (typeof sent === 'string') return sent;
  try {
    return decoder.decode(sent);
  } catch {
    on((glue) => glue.readBytes(sent));
    throw new TypeError('these bytes are not UTF-8');
  }
}

/** One of several: its answer, or why there is none. */
function answer(call) {
  try {
    return call();
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

/** What a module at work holds for a host. */
class Handle {
  #running;
  #held;

  /** Asks the module for it, in a call of its own. */
  constructor(ask, running = current()) {
    this.#running = running;
    this.#held = running.on(ask);
  }

  get running() {
    return this.#running;
  }

  /** Calls into the module that holds it. */
  on(call) {
    return this.#running.on((glue) => call(this.#held, glue));
  }

  free() {
    this.#running.release(() => this.#held.free());
  }

  /** What it stands for, for a call on another handle: both are held by the same module, or one of them is spent. */
  static held(it) {
    return it.on((held) => held);
  }
}

/** Facts, as Node's addon has them. */
class NativeFacts extends Handle {
  get at() {
    return this.on((held) => held.at);
  }
}

/** An engine, as Node's addon has it. */
class NativeEngine extends Handle {
  compile(zones) {
    const names = zones === undefined ? undefined : JSON.stringify(zones);
    return this.on((held) => held.compile(names));
  }

  #decide(sent, over) {
    const request = text(sent);
    return this.on((held) => held.decide(request, over));
  }

  decide(sent, over) {
    return this.#decide(sent, over);
  }

  decideMany(requests, over) {
    this.on((_, glue) => glue.readOver(over));
    // Not by the verb that hosts call: where Node's package stands before it, that one throws what the addon throws.
    return requests.map((sent) => answer(() => this.#decide(sent, over)));
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
    return this.on((held) => held.keys()).split('\n');
  }

  decideTape(...tape) {
    const crossed = crossing(tape);
    return this.on((held) => held.decideTape(...crossed));
  }

  factsTape(...tape) {
    const crossed = crossing(tape);
    return this.#prepared((held) => held.factsTape(...crossed));
  }

  plan(sent, over) {
    const request = text(sent);
    return this.on((held) => held.plan(request, over));
  }

  explain(sent, over) {
    const request = text(sent);
    return this.on((held) => held.explain(request, over));
  }

  interpretReply(message, language, sent) {
    const context = sent === undefined ? undefined : text(sent);
    return this.on((held) => held.interpretReply(message, language, context));
  }

  facts(sent, over) {
    const request = text(sent);
    return this.#prepared((held) => held.facts(request, over));
  }

  #prepared(call) {
    const facts = this.on(call);
    return facts && new NativeFacts(() => facts, this.running);
  }

  verdict(facts) {
    const prepared = Handle.held(facts);
    return this.on((held) => held.verdict(prepared));
  }

  decideFacts(facts) {
    const prepared = Handle.held(facts);
    return this.on((held) => held.decideFacts(prepared));
  }

  packs() {
    return this.on((held) => held.packs());
  }

  // What is compiled leaves the checker's warnings behind.
  warnings() {
    return BYLEAVE_TEXT ? this.on((held) => held.warnings()) : '[]';
  }

  schema(of) {
    return this.on((held) => held.schema(of));
  }
}

const encoder = new TextEncoder();

/** Text as bytes; bytes as they are. */
const bytes = (sent) => (typeof sent === 'string' ? encoder.encode(sent) : sent);

/** Several texts, as they cross. */
function texts(glue, all) {
  const out = new glue.NativeTexts();
  for (const it of all) out.push(it);
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
class NativeLedger extends Handle {
  append(events) {
    const all = events.map(bytes);
    return this.on((held, glue) => held.append(texts(glue, all)));
  }

  // What is sent is taken when it is sent.
  appendAsync(events) {
    const taken = events.map((event) => Uint8Array.from(bytes(event)));
    return later(() => this.append(taken));
  }

  decide(engine, sent, over, given) {
    const [law, request] = [Handle.held(engine), text(sent)];
    return this.on((held) => {
      const answered = held.decide(law, request, over, given);
      const { decision, receipt } = answered;
      answered.free();
      return { decision, receipt };
    });
  }

  facts(given) {
    return this.on((held) => held.facts(given));
  }

  keeps(given) {
    return this.on((held) => held.keeps(given));
  }

  checkpoint(given) {
    return this.on((held) => held.checkpoint(given));
  }

  verify(given) {
    return this.on((held) => held.verify(given));
  }

  verifyAsync(given) {
    return later(() => this.verify(given));
  }

  erase(given) {
    return this.on((held) => held.erase(given));
  }

  export(given, all) {
    const taken = all.map(bytes);
    return this.on((held, glue) => held.export(given, texts(glue, taken)));
  }

  exportAsync(given, all) {
    const taken = all.map((it) => Uint8Array.from(bytes(it)));
    return later(() => this.export(given, taken));
  }

  linesSince(given) {
    return this.on((held) => held.linesSince(given));
  }

  linesSinceAsync(given) {
    return later(() => this.linesSince(given));
  }

  takeIn(told, given) {
    const taken = bytes(told);
    return this.on((held) => held.takeIn(taken, given));
  }

  takeInAsync(told, given) {
    const taken = Uint8Array.from(bytes(told));
    return later(() => this.takeIn(taken, given));
  }

  save() {
    return this.on((held) => held.save());
  }

  size() {
    return this.on((held) => held.size());
  }

  // One that cannot be asked any more holds nothing.
  close() {
    if (!this.running.spent) this.on((held) => held.close());
  }

  get place() {
    return this.on((held) => held.place);
  }
}

/** What writes plain objects; nothing in a build to which they cross as text. */
export { Tape };

/** What to load, as it crosses. */
function asked({ packs, texts, given }) {
  const all = texts.map((it) => [it.name, bytes(it.text)]);
  return (glue) => {
    const wanted = new glue.NativeWanted(given);
    for (const name of packs) wanted.pack(name);
    for (const it of all) wanted.text(...it);
    return wanted;
  };
}

/** A call of the module's own, to which what crosses is made ready first. */
const door = (name, ready = (it) => it) => (first, ...rest) => {
  const sent = ready(first);
  return on((glue) => glue[name](sent, ...rest));
};

function build(what, limits) {
  const wanted = asked(what);
  return new NativeEngine((glue) => glue.build(wanted(glue), limits));
}

function check(what) {
  const wanted = asked(what);
  return on((glue) => glue.check(wanted(glue)));
}

export const native = {
  NativeEngine,
  NativeFacts,
  ...(BYLEAVE_TEXT && { build, check, locate: door('locate', text), packs: () => JSON.parse(on((glue) => glue.packs())) }),
  ...(BYLEAVE_LEDGER && {
    openLedger: (...where) => new NativeLedger((glue) => glue.openLedger(...where)),
    verifyBundle: door('verifyBundle', bytes),
    generateKey: door('generateKey'),
    publicKey: door('publicKey'),
  }),
  limits: door('limits'),
  load: (bytes) => new NativeEngine((glue) => glue.load(bytes)),
  path: (steps) => (here === undefined ? steps.join('.') : door('path', JSON.stringify)(steps)),
  readDecision: door('readDecision'),
  version: () => BYLEAVE_VERSION,
};
