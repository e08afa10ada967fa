// Consent, kept and proven: the handle of a ledger, bundles of evidence, and keys. Arguments go as JSON text, and answers come so;
// what was asked in Node's pool of threads comes as a text, or as the error that it ends in.
'use strict';

const { Decision } = require('./answers.js');
const { ByleaveError, CLASSES, asking, inRequest, refusal } = require('./errors.js');
const { freeze } = require('./frozen.js');
const host = require('./host.js');
const { native, unloaded } = require('./native.js');
const { byName, kept, over, own, refused, request } = require('./request.js');

/** The ledger cannot do it, though the words may be right; `kind` says why. */
class LedgerError extends ByleaveError {
  #kind;

  constructor(message, { kind = 'storage', ...rest } = {}) {
    super(message, rest);
    this.#kind = kind;
  }

  get name() {
    return 'LedgerError';
  }

  get kind() {
    return this.#kind;
  }
}

CLASSES.LedgerError = LedgerError;

/** Arguments by name, as an object of its own. */
function named(options, known) {
  if (options === undefined) return {};
  byName(options, known);
  return Object.fromEntries(known.map((key) => [key, options[key]]));
}

/** Several, each read with its place. */
function each(all, name, read) {
  const hint = 'put it into an array';
  if (typeof all === 'string' || host.isUint8Array(all) || host.isMap(all)) {
    throw refused([name], `expected several ${name}, and this is one`, hint);
  }
  if (typeof all?.[Symbol.iterator] !== 'function') throw refused([name], `expected several ${name}`, hint);
  const out = [];
  for (const it of all) out.push(read(it, out.length));
  return out;
}

function events(all) {
  return each(all, 'events', (event, n) => {
    try {
      return kept(event);
    } catch (error) {
      throw inRequest(error, n);
    }
  });
}

/** A function of the addon, which the WebAssembly that stands in for it has not. */
function door(name) {
  const call = native[name];
  if (call !== undefined) return call;
  const hint = unloaded || 'install the addon for this platform: byleave names it among its optional dependencies';
  throw refused([], 'where no addon fits there is no ledger', hint);
}

/** Text in UTF-8, or bytes. */
function sent(value, steps) {
  if (typeof value === 'string' && value.isWellFormed()) return value;
  if (host.isUint8Array(value)) return host.ownBytes(value);
  throw refused(steps, 'expected text or bytes');
}

function place(value = host.PLACE) {
  const plain = value instanceof URL && value.protocol === 'file:' ? host.filePath(value) : value;
  if (typeof plain === 'string' && plain.isWellFormed()) return plain;
  throw refused(['place'], 'expected a path, or the URL of a database');
}

const answer = (text) => freeze(JSON.parse(text));

/** What the pool of threads has come to. */
async function awaited(call) {
  const said = await asking(call);
  if (typeof said !== 'string') throw refusal(said.refused);
  return said;
}

/** What `save` has written. A storage in which there is nothing yet says `null`. */
function lines(saved) {
  if (saved == null) return undefined;
  if (typeof saved === 'string' && saved.isWellFormed()) return saved;
  throw refused(['saved'], 'expected the text that `save` has written');
}

/**
 * What is held against something must be there if it is named: `{ keys: process.env.KEYS }` without such a variable would
 * otherwise be held against nothing, and hold.
 */
function there(options, known) {
  const given = named(options, known);
  for (const key of known) {
    if ((given[key] ?? undefined) === undefined && options !== undefined && key in options) {
      throw refused([key], 'is named, and there is none', `give it, or leave \`${key}\` out`);
    }
  }
  return given;
}

/** As Rust says it. */
const NO_KEYS = 'there is no key to hold checkpoints against';

/** What whoever verifies knows from elsewhere. */
function trust(options) {
  const { keys, checkpoint } = there(options, ['keys', 'checkpoint']);
  const several = typeof keys?.[Symbol.iterator] === 'function' && typeof keys !== 'string' && !host.isMap(keys);
  const all = several ? [...keys] : keys;
  // One that is missing among others (`[process.env.KEY]`) is refused as what is no text.
  if (all?.length === 0) throw refused(['keys'], NO_KEYS, 'give the public keys, or leave `keys` out');
  return request({ keys: all, checkpoint });
}

/** What an export takes, as it crosses. */
function exported(person, at, options) {
  const { texts = [], openOthers } = named(options, ['texts', 'openOthers']);
  if (openOthers !== undefined && typeof openOthers !== 'boolean') {
    throw refused(['openOthers'], 'expected true or false');
  }
  const read = each(texts, 'texts', (text, n) => own(sent(text, ['texts', n])));
  return [request({ person, at, open_others: openOthers }), read];
}

/** What is asked of another ledger's lines; of an empty ledger there is no mark. */
function sinceThen(since, options) {
  return request({ since: since ?? undefined, ...named(options, ['person', 'most']) });
}

const DECIDING = ['person', 'address', 'record', 'source'];

/** The classes and functions of the ledger; `engineOf` opens the engine that a host hands over. */
function ledgers(engineOf) {
  /** A ledger, open until it is closed. */
  class Ledger {
    #native;

    constructor(where, options) {
      const { readOnly = false, saved } = named(options, ['readOnly', 'saved']);
      if (typeof readOnly !== 'boolean') throw refused(['readOnly'], 'expected true or false');
      const [path, from] = [place(where), lines(saved)];
      const open = door('openLedger');
      this.#native = asking(() => open(path, readOnly, from));
      Object.freeze(this);
    }

    append(all) {
      const read = events(all);
      return answer(asking(() => this.#native.append(read)));
    }

    async appendAsync(all) {
      const read = events(all);
      return answer(await awaited(() => this.#native.appendAsync(read)));
    }

    decide(engine, contact, options) {
      const held = engineOf(engine);
      const laid = over(options, DECIDING);
      const by = Object(options);
      const given = request(Object.fromEntries(DECIDING.map((key) => [key, by[key]])));
      const text = request(contact);
      const { decision, receipt } = asking(() => this.#native.decide(held, text, laid, given));
      const kept = receipt === undefined ? {} : { receipt: answer(receipt) };
      return Object.freeze({ decision: new Decision(decision), ...kept });
    }

    facts(person, known_at, options) {
      const given = request({ person, known_at, ...named(options, ['address']) });
      return JSON.parse(asking(() => this.#native.facts(given)));
    }

    keeps(list, since) {
      const given = request({ list, since });
      asking(() => this.#native.keeps(given));
    }

    checkpoint(at, options) {
      const given = request({ at, ...there(options, ['key']) });
      return answer(asking(() => this.#native.checkpoint(given)));
    }

    verify(options) {
      const given = trust(options);
      return answer(asking(() => this.#native.verify(given)));
    }

    async verifyAsync(options) {
      const given = trust(options);
      return answer(await awaited(() => this.#native.verifyAsync(given)));
    }

    erase(person, options) {
      const given = request({ person, ...named(options, ['why', 'by', 'at', 'addresses']) });
      return JSON.parse(asking(() => this.#native.erase(given)));
    }

    export(person, at, options) {
      const [given, texts] = exported(person, at, options);
      return asking(() => this.#native.export(given, texts));
    }

    async exportAsync(person, at, options) {
      const [given, texts] = exported(person, at, options);
      return awaited(() => this.#native.exportAsync(given, texts));
    }

    linesSince(since, options) {
      const given = sinceThen(since, options);
      return answer(asking(() => this.#native.linesSince(given)));
    }

    async linesSinceAsync(since, options) {
      const given = sinceThen(since, options);
      return answer(await awaited(() => this.#native.linesSinceAsync(given)));
    }

    takeIn(told, at) {
      const [text, given] = [sent(told, ['lines']), request({ at })];
      return answer(asking(() => this.#native.takeIn(text, given)));
    }

    async takeInAsync(told, at) {
      const [text, given] = [sent(told, ['lines']), request({ at })];
      return answer(await awaited(() => this.#native.takeInAsync(text, given)));
    }

    save() {
      return asking(() => this.#native.save());
    }

    size() {
      return answer(asking(() => this.#native.size()));
    }

    close() {
      this.#native.close();
    }

    // Where it is, and nothing of whom it knows; of a URL, no password.
    [Symbol.for('nodejs.util.inspect.custom')]() {
      return `<Ledger ${this.#native.place}>`;
    }
  }
  // Node has had it since 20.5.
  if (Symbol.dispose !== undefined) Ledger.prototype[Symbol.dispose] = Ledger.prototype.close;

  /** Says what of a bundle holds, where there is no ledger. */
  function verifyBundle(bundle, options) {
    const [text, given] = [sent(bundle, ['bundle']), trust(options)];
    const verify = door('verifyBundle');
    return answer(asking(() => verify(text, given)));
  }

  /** A new key that signs checkpoints, in hexadecimal. */
  function generateKey() {
    return asking(door('generateKey'));
  }

  /** What others verify by. */
  function publicKey(key) {
    if (typeof key !== 'string') throw refused(['key'], 'expected text');
    const made = door('publicKey');
    return asking(() => made(key));
  }

  return { Ledger, LedgerError, generateKey, publicKey, verifyBundle };
}

module.exports = { ledgers };
