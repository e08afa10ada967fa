// Byleave for Node: may this person be contacted, now, this way, for this purpose, with this data?
//
// | file        | what it holds                                              |
// |-------------|------------------------------------------------------------|
// | `request`   | a host's objects → the JSON text that the engine reads      |
// | `tape`      | plain objects → words and bytes, which it reads faster      |
// | `answers`   | canonical text → frozen answers                            |
// | `policy`    | what an engine is built from                               |
// | `ledger`    | consent, kept and proven; no browser has it                |
// | `errors`    | exceptions                                                 |
// | `native`    | finds the engine: the addon, or WebAssembly                |
// | `paths`     | policy files, read for WebAssembly                         |
// | `host`      | what Node has and a browser has not                        |
// | `index.mjs` | the same for `import`; one copy of everything serves both  |
'use strict';

const { Decision, Explanation, Interpretation, Plan, Planned, Verdict, parts, verdict } = require('./answers.js');
const { ByleaveError, InputError, InternalError, LimitError, PolicyError, ...errors } = require('./errors.js');
const { freeze, LIST } = require('./frozen.js');
const host = require('./host.js');
const { ledgers } = require('./ledger.js');
const { native, Tape } = require('./native.js');
const { limits, wanted, ...policy } = require('./policy.js');
const { byName, kept, over, refused, request } = require('./request.js');

const { asking, inRequest, refusal } = errors;

/** Requests that cross to the engine at a time. */
const BATCH = 256;
/** Batches that are in Node's pool of threads at a time: enough to keep it busy, few enough to keep memory small. */
const UNDER_WAY = 8;

function diagnostics(text) {
  return freeze(JSON.parse(text).map((it) => ({ ...it, labels: it.labels ?? LIST })));
}

/** The answers of one batch: what was refused while it was read stands at its place already. */
function merged(read, answers) {
  let next = 0;
  return read.map((it) => {
    if (it instanceof ByleaveError) return it;
    const answer = answers[next++];
    return typeof answer === 'string' ? new Decision(answer) : refusal(answer.refused);
  });
}

/** Reads one of several. What the host's own objects throw is no answer about a contact, and ends the batch. */
function readOne(value) {
  try {
    return kept(value);
  } catch (error) {
    if (error instanceof ByleaveError) return error;
    throw error;
  }
}

function several(requests, asynchronous) {
  const object = typeof requests === 'object' && requests !== null;
  const iterable =
    object &&
    (typeof requests[Symbol.iterator] === 'function' ||
      (asynchronous && typeof requests[Symbol.asyncIterator] === 'function'));
  if (!iterable || host.isUint8Array(requests) || host.isMap(requests)) {
    throw refused([], 'expected several requests, and this is one', 'use `decide`');
  }
}

/** Puts a batch's answers after those before it; the first that is an error ends it, unless errors are wanted. */
function collect(out, answers, returnErrors) {
  for (const answer of answers) {
    if (!returnErrors && answer instanceof ByleaveError) throw inRequest(answer, out.length);
    out.push(answer);
  }
}

function manyArguments(options) {
  const returnErrors = options?.returnErrors ?? false;
  if (typeof returnErrors !== 'boolean') throw refused(['returnErrors'], 'expected true or false');
  return { laid: over(options, ['returnErrors']), returnErrors };
}

/** What is told beside a message. */
function told(message, options = {}) {
  if (typeof message !== 'string') throw refused(['text'], 'expected a text');
  if (!message.isWellFormed()) throw refused(['text'], 'this text holds half of a character (a lone surrogate)');
  byName(options, ['language', 'context']);
  const language = options.language ?? undefined;
  if (language !== undefined && typeof language !== 'string') throw refused(['language'], 'expected a text');
  return { language, context: options.context };
}

/** What is asked of a handle whose memory has been given back. */
function freed(message, hint) {
  throw refused([], message, hint);
}

/**
 * What only this module hands over. The addon's classes would not do: where this module is loaded a second time the addon has others,
 * and gives their instances to both.
 */
const OURS = Symbol('ours');

/** A request's facts, checked and indexed once, frozen at its instant, for one engine. */
class Facts {
  #native;

  /** For this module alone: hosts get facts from an engine. */
  constructor(held, ours) {
    if (ours !== OURS) throw new TypeError('facts are prepared by `engine.facts(request)`');
    this.#native = held;
    Object.freeze(this);
  }

  get #held() {
    return this.#native ?? freed('these facts have been freed', 'prepare them again with `facts`');
  }

  /** The instant that they are frozen at. */
  get at() {
    return this.#held.at;
  }

  free() {
    this.#native?.free?.();
    this.#native = undefined;
  }

  // Nothing of what they say: what is printed ends up in logs.
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return this.#native === undefined ? '<Facts, freed>' : `<Facts at ${this.at}>`;
  }

  static of(facts) {
    if (typeof facts === 'object' && facts !== null && #native in facts) return facts.#held;
    throw refused([], 'expected facts that an engine has prepared', 'prepare them with `facts`');
  }
}

const factsOf = Facts.of;
delete Facts.of;

/** Compiled packs: immutable, usable after an error as before it. */
class Engine {
  #native;
  #tape;

  constructor(options) {
    const bytes = policy.compiled(options, ['limits']);
    if (bytes !== undefined) {
      this.#native = asking(() => native.load(bytes));
    } else {
      const what = wanted(options, ['compiled', 'limits']);
      const most = limits(options?.limits);
      this.#native = asking(() => native.build(what, most));
    }
    // Not in the small build for browsers, to which every request crosses as text.
    if (Tape !== undefined) this.#tape = new Tape(this.#native.keys());
    Object.freeze(this);
  }

  get #held() {
    return this.#native ?? freed('this engine has been freed', 'build it once and keep it');
  }

  decide(contact, options) {
    const laid = over(options);
    const said = asking(() => this.#tape?.ask('decideTape', this.#held, contact, laid));
    if (said !== undefined) return new Decision(said);
    const text = request(contact);
    return new Decision(asking(() => this.#held.decide(text, laid)));
  }

  decideMany(requests, options) {
    const { laid, returnErrors } = manyArguments(options);
    several(requests, false);
    const out = [];
    const decided = (read) => {
      const texts = read.filter((it) => !(it instanceof ByleaveError));
      collect(out, merged(read, asking(() => this.#held.decideMany(texts, laid))), returnErrors);
    };
    let read = [];
    for (const contact of requests) {
      read.push(readOne(contact));
      if (read.length === BATCH) {
        decided(read);
        read = [];
      }
    }
    decided(read);
    return out;
  }

  async decideManyAsync(requests, options) {
    const { laid, returnErrors } = manyArguments(options);
    several(requests, true);
    const out = [];
    const underWay = [];
    const waiting = [];
    let read = [];
    const begin = (batch) => {
      const texts = batch.filter((it) => !(it instanceof ByleaveError));
      const answers = asking(() => this.#held.decideManyAsync(texts, laid));
      // It is awaited in its turn, which may be after another has failed.
      answers.catch(() => {});
      underWay.push({ batch, answers });
    };
    const finish = async () => {
      const { batch, answers } = underWay.shift();
      collect(out, merged(batch, await answers), returnErrors);
    };
    /** Whether a batch is full with it. */
    const full = (contact) => read.push(readOne(contact)) === BATCH;
    if (typeof requests[Symbol.asyncIterator] === 'function') {
      for await (const contact of requests) {
        if (!full(contact)) continue;
        begin(read);
        read = [];
        if (underWay.length === UNDER_WAY) await finish();
      }
    } else {
      // What is at hand is read before anything is awaited: whoever has called may change it as soon as the call returns.
      for (const contact of requests) {
        const last = full(contact);
        // Nothing behind the first that is refused is answered.
        if (!returnErrors && read.at(-1) instanceof ByleaveError) break;
        if (!last) continue;
        if (underWay.length < UNDER_WAY) begin(read);
        else waiting.push(read);
        read = [];
      }
    }
    waiting.push(read);
    while (waiting.length > 0) {
      if (underWay.length === UNDER_WAY) await finish();
      begin(waiting.shift());
    }
    while (underWay.length > 0) await finish();
    return out;
  }

  plan(contact, options) {
    const laid = over(options);
    const text = request(contact);
    return new Plan(asking(() => this.#held.plan(text, laid)));
  }

  explain(contact, options) {
    const laid = over(options);
    const text = request(contact);
    return new Explanation(asking(() => this.#held.explain(text, laid)));
  }

  interpretReply(message, options) {
    const { language, context } = told(message, options);
    const sent = context == null ? undefined : request(context);
    return new Interpretation(asking(() => this.#held.interpretReply(message, language, sent)));
  }

  facts(contact, options) {
    const laid = over(options);
    const held = asking(() => this.#tape?.ask('factsTape', this.#held, contact, laid));
    if (held !== undefined) return new Facts(held, OURS);
    const text = request(contact);
    return new Facts(asking(() => this.#held.facts(text, laid)), OURS);
  }

  verdict(facts) {
    const held = factsOf(facts);
    return verdict(asking(() => this.#held.verdict(held)));
  }

  decideFacts(facts) {
    const held = factsOf(facts);
    return new Decision(asking(() => this.#held.decideFacts(held)));
  }

  compile(names) {
    const zones = policy.zones(names);
    return asking(() => this.#held.compile(zones));
  }

  packs() {
    return parts('PackInfo', asking(() => this.#held.packs()));
  }

  get warnings() {
    return diagnostics(asking(() => this.#held.warnings()));
  }

  schema(of = 'request') {
    return JSON.parse(asking(() => this.#held.schema(String(of))));
  }

  free() {
    this.#native?.free?.();
    this.#native = undefined;
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    if (this.#native === undefined) return '<Engine, freed>';
    return `<Engine ${this.packs().map((it) => `${it.name} ${it.edition}`).join(', ')}>`;
  }

  static of(engine) {
    if (typeof engine === 'object' && engine !== null && #native in engine) return engine.#held;
    throw refused(['engine'], 'expected an engine', 'build it with `new Engine({ packs, paths, texts })`');
  }
}

const engineOf = Engine.of;
delete Engine.of;

/** Looks for mistakes in policy; it never fails because of them. */
function check(options) {
  const what = wanted(options);
  return diagnostics(asking(() => native.check(what)));
}

/** Where a person may be: candidate time zones and jurisdictions, as facts of a request. */
function locate(known) {
  const text = request(known);
  return freeze(JSON.parse(asking(() => native.locate(text))));
}

/** The names of the packs that come with Byleave. */
function packs() {
  return Object.freeze(native.packs());
}

const version = native.version();

module.exports = {
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
  ...ledgers(engineOf),
};
