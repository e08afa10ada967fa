// A host's objects to the JSON text that the engine reads.
//
// | JavaScript                         | on the wire                                                       |
// |------------------------------------|-------------------------------------------------------------------|
// | null, booleans, numbers, text      | the same                                                          |
// | a BigInt                           | a number                                                          |
// | objects, instances of classes, Map | an object; what is `undefined` is absent                          |
// | arrays                             | a list                                                            |
// | a Set                              | a list, in order of value                                         |
// | a Date                             | an instant in UTC, as the engine writes it                        |
// | of Temporal: Instant,              | an instant in UTC                                                 |
// |   ZonedDateTime                    |                                                                   |
// |   PlainDate, PlainTime, Duration   | `2026-07-01`, `09:00`, `86400 seconds`                            |
// | whatever else has `toJSON`         | what that gives                                                   |
//
// What JSON text could not say (not-a-number, a number past 64 bits) becomes what no request may hold, and is refused with its
// place where the engine reads it. What is written is counted, so that a small object which holds itself many times over is
// refused before it has filled the memory.
'use strict';

const host = require('./host.js');
const { InputError, LimitError } = require('./errors.js');
const { native } = require('./native.js');

let most;

/** The most that is admitted of anything; asked for once, and not before somebody needs it. */
function limits() {
  return (most ??= Object.freeze(JSON.parse(native.limits())));
}

/** A number that the engine refuses as one that is not whole. */
const NOT_WHOLE = '0.5';

function where(steps) {
  const path = native.path(steps);
  return path === '' ? undefined : path;
}

function refused(steps, message, hint) {
  return new InputError(message, { path: where(steps), hint });
}

/** Writes one request, and knows where in it it is. */
class Writer {
  #most = limits();
  #room = this.#most.request_bytes;
  #steps;

  constructor(steps = []) {
    this.#steps = [...steps];
  }

  #take(text) {
    this.#spend(text.length);
    return text;
  }

  #spend(characters) {
    this.#room -= characters;
    if (this.#room < 0) {
      throw new LimitError(`the request is longer than the ${this.#most.request_bytes} bytes that are admitted`);
    }
  }

  #refuse(message, hint) {
    return refused(this.#steps, message, hint);
  }

  value(value, depth = 0) {
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'boolean':
        return this.#take(String(value));
      case 'number':
        return this.#take(Number.isFinite(value) ? JSON.stringify(value) : NOT_WHOLE);
      case 'bigint':
        // Past 64 bits a reader of JSON sees no whole number any more.
        return this.#take(BigInt.asIntN(65, value) === value ? String(value) : NOT_WHOLE);
      case 'object':
        return value === null ? this.#take('null') : this.#object(value, depth);
      default:
        throw this.#nothing(typeof value);
    }
  }

  #nothing(name) {
    return this.#refuse(
      `\`${name}\` has no meaning in a request`,
      'write text, whole numbers, true or false, dates, arrays and objects',
    );
  }

  #text(text) {
    this.#spend(text.length + 2);
    if (!text.isWellFormed()) throw this.#refuse('this text holds half of a character (a lone surrogate)');
    return JSON.stringify(text);
  }

  #object(value, depth, asked = false) {
    if (Array.isArray(value)) return this.#list(value, depth);
    if (host.isDate(value)) return this.#text(this.#instant(value));
    if (host.isMap(value)) return this.#entries(value, depth);
    if (host.isSet(value)) return this.#set(value, depth);
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    if (tag.startsWith('Temporal.')) return this.#text(this.#temporal(value, tag));
    if (!asked && typeof value.toJSON === 'function') {
      const said = value.toJSON(String(this.#steps.at(-1) ?? ''));
      return typeof said === 'object' && said !== null
        ? this.#object(said, depth, true)
        : this.value(said, depth);
    }
    if (tag !== 'Object') throw this.#nothing(tag.slice(0, 60));
    return this.#entries(this.#own(value), depth);
  }

  *#own(value) {
    for (const key of Object.keys(value)) yield [key, value[key]];
  }

  #list(items, depth) {
    // Past this depth nothing is read; the engine refuses what it finds there with its place.
    if (depth >= this.#most.depth) return this.#take('[]');
    const out = [];
    for (let at = 0; at < items.length; at++) out.push(this.#inner(at, items[at], depth));
    this.#spend(2);
    return `[${out.join(',')}]`;
  }

  #set(items, depth) {
    if (depth >= this.#most.depth) return this.#take('[]');
    const out = [];
    for (const item of items) out.push([item, this.#inner(out.length, item, depth)]);
    this.#spend(2);
    // A set has no order that means anything; by value, it has the same one wherever it comes from.
    return `[${out.sort(byValue).map(([, text]) => text).join(',')}]`;
  }

  #entries(entries, depth) {
    if (depth >= this.#most.depth) return this.#take('{}');
    const out = [];
    for (const [key, value] of entries) {
      if (typeof key !== 'string') throw this.#refuse(`a key must be text, not a \`${typeof key}\``);
      if (value === undefined) continue;
      const name = this.#text(key);
      out.push(`${name}:${this.#inner(key, value, depth)}`);
    }
    this.#spend(2);
    return `{${out.join(',')}}`;
  }

  #inner(step, value, depth) {
    this.#spend(1);
    this.#steps.push(step);
    const text = this.value(value, depth + 1);
    this.#steps.pop();
    return text;
  }

  #instant(date) {
    // The getter of `Date` itself: one that a host has put over it says nothing about the instant.
    const time = Date.prototype.getTime.call(date);
    if (Number.isNaN(time)) throw this.#refuse('this `Date` is no instant (`Invalid Date`)');
    return shortest(new Date(time).toISOString());
  }

  #temporal(value, tag) {
    switch (tag.slice('Temporal.'.length)) {
      case 'Instant':
        return shortest(value.toString({ fractionalSecondDigits: 6, roundingMode: 'floor' }));
      case 'ZonedDateTime':
        return this.#temporal(value.toInstant(), 'Temporal.Instant');
      case 'PlainDate':
        return value.toString({ calendarName: 'never' });
      case 'PlainTime':
        if (value.millisecond !== 0 || value.microsecond !== 0 || value.nanosecond !== 0) {
          throw this.#refuse('a time of day is whole seconds');
        }
        return value.toString({ smallestUnit: value.second === 0 ? 'minute' : 'second' });
      case 'Duration': {
        let seconds = Number.NaN;
        try {
          seconds = value.total('seconds');
        } catch {
          // Months and years have no length of their own.
        }
        if (!Number.isSafeInteger(seconds) || seconds < 0) {
          throw this.#refuse('a length of time is whole seconds, and not negative', 'count days or hours, not months');
        }
        return `${seconds} seconds`;
      }
      case 'PlainDateTime':
        throw this.#refuse(
          'a `Temporal.PlainDateTime` without a zone is no instant',
          'say where its clock hangs: `.toZonedDateTime("America/New_York")`',
        );
      default:
        throw this.#nothing(tag);
    }
  }
}

/** An instant without the zeros that say nothing. */
function shortest(text) {
  return text.replace(/\.?0+Z$/, (end) => (end.startsWith('.') ? 'Z' : end)).replace(/(\.\d*?)0+Z$/, '$1Z');
}

const RANKS = ['null', 'boolean', 'number', 'string'];

/** Nothing, truth, numbers, text; each by value, text as its bytes are; all else after them, as it is written. */
function byValue([a, textA], [b, textB]) {
  const rank = (it) => {
    const kind = it === null ? 'null' : typeof it === 'bigint' ? 'number' : typeof it;
    const at = RANKS.indexOf(kind);
    return at < 0 ? RANKS.length : at;
  };
  const of = rank(a);
  if (of !== rank(b)) return of - rank(b);
  if (of < 3) return a < b ? -1 : a > b ? 1 : 0;
  return of === 3 ? host.compareBytes(a, b) : host.compareBytes(textA, textB);
}

/**
 * What a plain object takes as JSON text, roughly; more than any limit if it is not plain: where `JSON.stringify` would leave
 * something out or put something else in its place, and where it would go deeper or write more than is admitted. Of the
 * objects that hosts send nearly all are plain, and `JSON.stringify` writes them several times as fast as anything here.
 */
function plainSize(value, depth) {
  const { depth: deepest, request_bytes: longest } = limits();
  if (depth === deepest || value.toJSON !== undefined) return Infinity;
  let size = 2;
  if (Array.isArray(value)) {
    if (Object.getPrototypeOf(value) !== Array.prototype) return Infinity;
    for (let at = 0; at < value.length && size <= longest; at++) {
      const it = value[at];
      size += it === undefined ? Infinity : sizeOf(it, depth);
    }
    return size;
  }
  const prototype = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || Symbol.toStringTag in value) return Infinity;
  for (const key in value) {
    const it = value[key];
    size += key.length + (it === undefined ? 0 : sizeOf(it, depth));
    if (size > longest) return Infinity;
  }
  return size;
}

function sizeOf(it, depth) {
  switch (typeof it) {
    case 'string':
      return it.length + 4;
    case 'boolean':
      return 6;
    case 'number':
      return Number.isFinite(it) ? 6 : Infinity;
    case 'object':
      return it === null ? 6 : plainSize(it, depth + 1);
    default:
      return Infinity;
  }
}

function written(value) {
  const { request_bytes: longest } = limits();
  if (typeof value === 'object' && value !== null && plainSize(value, 0) <= longest) {
    const text = JSON.stringify(value);
    // Half of a surrogate pair is written as an escape, and only that; its place is found by the one who knows places.
    if (text.length <= longest && !text.includes('\\ud')) return text;
  }
  return new Writer().value(value);
}

/** A request as JSON text: it is one already, or is written. */
function request(value) {
  const { request_bytes: most } = limits();
  if (typeof value === 'string') {
    // Before a text is copied: one past every limit is refused here, in the engine's words.
    const bytes = value.length > most ? host.byteLength(value) : 0;
    if (bytes > 0) throw new LimitError(`${bytes} bytes are more than the ${most} that are admitted`);
    if (!value.isWellFormed()) throw refused([], 'this text holds half of a character (a lone surrogate)');
    return value;
  }
  if (host.isUint8Array(value)) {
    const bytes = value.byteLength;
    if (bytes > most) throw new LimitError(`${bytes} bytes are more than the ${most} that are admitted`);
    return host.ownBytes(value);
  }
  return written(value);
}

/** The same of one of several: an iterator that gives one piece of memory again and again changes none of those before. */
function kept(value) {
  return own(request(value));
}

/** Text, or bytes as they are now. */
function own(said) {
  if (typeof said === 'string') return said;
  // Of memory that is gone nothing can be taken, and nothing is what it holds.
  return said.byteLength === 0 ? new Uint8Array() : new Uint8Array(said);
}

/** Whether an object is a host's own, or of a class of the host's, and no value of the language's such as a `Map` or a `Promise`. */
function ordinary(value) {
  if (typeof value !== 'object' || value === null || host.isMap(value) || host.isSet(value)) return false;
  return Object.prototype.toString.call(value) === '[object Object]' && typeof value.then !== 'function';
}

/**
 * Refuses what is no arguments by name. A `Promise` that somebody forgot to await, or a `Map`, has none of them, and would be taken
 * for nothing having been said; so would an instance of a class that says none.
 */
function byName(options, known, message = 'expected arguments by name', hint = `arguments are ${known.join(', ')}`) {
  if (!ordinary(options)) throw refused([], message, hint);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) throw refused([unknown], 'there is no such argument', `arguments are ${known.join(', ')}`);
  const prototype = Object.getPrototypeOf(options);
  // Plain in whichever realm it was made.
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!plain && known.every((key) => options[key] === undefined)) throw refused([], message, hint);
}

const OVER = ['at', 'known_at', 'horizon', 'detail'];

/** The same of what most calls have: short words, and nothing else. */
function words(options) {
  if (Object.getPrototypeOf(options) !== Object.prototype) return undefined;
  let out = '';
  for (const key in options) {
    const value = options[key];
    if (typeof value !== 'string' || value.length > 64 || !OVER.includes(key) || !value.isWellFormed()) return undefined;
    out += `${out === '' ? '{' : ','}"${key}":${JSON.stringify(value)}`;
  }
  return out === '' ? undefined : `${out}}`;
}

/** The arguments that lie over a request, as JSON text; nothing when there are none. */
function over(options, extra = []) {
  if (options === undefined) return undefined;
  // An instant is the one argument that most calls have; it may stand alone.
  if (typeof options === 'string' || host.isDate(options) || isTemporal(options)) return over({ at: options });
  const usual = typeof options === 'object' && options !== null ? words(options) : undefined;
  if (usual !== undefined) return usual;
  byName(options, [...OVER, 'settings', ...extra], 'expected an instant, or arguments by name');
  const out = [];
  for (const key of OVER) {
    const value = options[key];
    if (value !== undefined) out.push(`"${key}":${new Writer([key]).value(value, 1)}`);
  }
  const { settings } = options;
  if (settings !== undefined) {
    const text = new Writer(['settings']).value(settings, 1);
    if (!text.startsWith('{')) throw refused(['settings'], 'expected names and their readings');
    out.push(`"settings":${text}`);
  }
  return out.length === 0 ? undefined : `{${out.join(',')}}`;
}

function isTemporal(value) {
  return typeof value === 'object' && Object.prototype.toString.call(value).startsWith('[object Temporal.');
}

module.exports = { Writer, byName, kept, ordinary, over, own, refused, request };
