// A plain object to the words and bytes that the engine reads at one go (`core/src/wire/tape.rs` says what they are).
//
// Each property is read once, so that what is decided is what was read. Most of what hosts send is plain: objects and arrays
// of nothing but text, whole numbers, truth, `null` and dates, under keys that the engine knows. Whatever else there is, right
// or wrong, is left to `request.js`, which writes it as text, and to the engine, which says what is wrong with it.
//
// The memory serves one request after another, and is written over as soon as a request has its answer. What stays are keys
// of the engine's own, in the orders in which objects had them.
'use strict';

const { isDate, textWriter } = require('./host.js');

/** Words, and where in bytes the texts begin behind them. */
const WORDS = 1 << 16;
const TEXT = WORDS * 4;
const bytes = new Uint8Array(TEXT + (1 << 18));
const words = new Int32Array(bytes.buffer, 0, WORDS);
const writeText = textWriter(bytes);

const DEEPEST = 12;
/** Texts up to this length are written letter by letter. */
const SHORT = 64;
/** What keys may take as text: with all that the memory holds, less than a request may. */
const KEYS = 1 << 20;
/** Orders of keys that are remembered; past them they are all forgotten. */
const ORDERS = 4096;
/** The years that are written with four digits, in milliseconds. */
const [FIRST, LAST] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

const getTime = Date.prototype.getTime;
const { getPrototypeOf } = Object;

// Of the request that is being written.
let busy = false;
let tape;
let at = 0;
let end = TEXT;
let spent = 0;
let call = 0;
let shapes = [];

/** Objects whose keys begin in the same order: those that end here, and those that go on. */
class Order {
  constructor(numbers, size) {
    this.numbers = numbers;
    /** Its keys as JSON text. */
    this.size = size;
    /** The key that came last time, and where it leads. */
    this.key = undefined;
    this.next = undefined;
    this.others = undefined;
    /** The number of the shape, in the call. */
    this.call = 0;
    this.shape = 0;
  }
}

/** Where another key leads; nowhere if the engine does not know it. */
function turn(order, key) {
  order.others ??= new Map();
  let next = order.others.get(key);
  if (next === undefined) {
    const number = tape.keys.get(key);
    if (number === undefined) return undefined;
    if (++tape.orders > ORDERS) {
      tape.forget();
      return undefined;
    }
    next = new Order([...order.numbers, number], order.size + key.length + 4);
    order.others.set(key, next);
  }
  order.key = key;
  order.next = next;
  return next;
}

function text(it) {
  const length = it.length;
  if (length > SHORT) return long(it);
  const start = end;
  let to = end;
  for (let n = 0; n < length; n++) {
    const unit = it.charCodeAt(n);
    if (unit > 127) return long(it);
    bytes[to++] = unit;
  }
  end = to;
  words[at++] = ((to - start) << 4) | 6;
  return true;
}

function long(it) {
  // Three bytes a unit are the most; where they have no room, the request is not small.
  if (end + it.length * 3 > bytes.length || !it.isWellFormed()) return false;
  const length = writeText(it, end);
  end += length;
  words[at++] = (length << 4) | 6;
  return true;
}

function number(it) {
  if (!Number.isSafeInteger(it) || it < 0) return false;
  if (it < 1 << 28) {
    words[at++] = (it << 4) | 4;
    return true;
  }
  words[at++] = (Math.floor(it / 2 ** 32) << 4) | 5;
  words[at++] = it | 0;
  return true;
}

function instant(date) {
  const time = getTime.call(date);
  if (!(time >= FIRST && time <= LAST)) return false;
  words[at++] = (Math.floor(time / 2 ** 32) << 4) | 9;
  words[at++] = time | 0;
  return true;
}

function value(it, depth) {
  if (typeof it === 'string') return text(it);
  if (typeof it === 'number') return number(it);
  if (it === null) {
    words[at++] = 1;
    return true;
  }
  if (typeof it === 'object') return object(it, depth);
  if (typeof it !== 'boolean') return false;
  words[at++] = it ? 3 : 2;
  return true;
}

function object(it, depth) {
  if (depth === DEEPEST || at > WORDS) return false;
  const prototype = getPrototypeOf(it);
  if (Array.isArray(it)) return prototype === Array.prototype && it.toJSON === undefined && list(it, depth);
  if (prototype !== Object.prototype && prototype !== null) return isDate(it) && instant(it);
  if (it.toJSON !== undefined || it[Symbol.toStringTag] !== undefined) return false;
  const head = at++;
  let order = tape.order;
  for (const key in it) {
    order = order.key === key ? order.next : turn(order, key);
    if (order === undefined) return false;
    const inner = it[key];
    if (inner === undefined) words[at++] = 0;
    else if (!value(inner, depth + 1)) return false;
  }
  if (order.call !== call) {
    order.call = call;
    order.shape = shapes.length;
    shapes.push(order);
  }
  words[head] = (order.shape << 4) | 8;
  spent += order.size;
  return spent <= KEYS;
}

function list(it, depth) {
  const { length } = it;
  if (length > WORDS) return false;
  words[at++] = (length << 4) | 7;
  for (let n = 0; n < length; n++) if (!value(it[n], depth + 1)) return false;
  return true;
}

/** Whether objects have nothing but what is their own. */
function unmarked() {
  for (const _ in Object.prototype) return false;
  return true;
}

/** Writes a request; false if it is not plain. */
function write(it) {
  at = 0;
  end = TEXT;
  spent = 0;
  call++;
  shapes = [];
  if (!unmarked() || !object(it, 0) || !unmarked()) return false;
  return at <= WORDS && end <= bytes.length;
}

/** Writes the shapes after the value; how many words they are. */
function writeShapes() {
  const start = at;
  for (const { numbers } of shapes) {
    words[at++] = numbers.length;
    for (const number of numbers) words[at++] = number;
  }
  return at - start;
}

/** The requests to one engine. */
class Tape {
  constructor(names) {
    this.keys = new Map(names.map((name, number) => [name, number]));
    this.forget();
  }

  forget() {
    this.order = new Order([], 2);
    this.orders = 0;
  }

  /** Asks with an object as it was read at one go; nothing if it has to be asked in the long way. */
  ask(method, held, it, laid) {
    // What is written may be written by getters that ask themselves.
    if (busy || typeof it !== 'object' || it === null || Array.isArray(it)) return undefined;
    busy = true;
    tape = this;
    try {
      if (!write(it)) return undefined;
      const value = at;
      const shaped = writeShapes();
      if (at > WORDS) return undefined;
      return held[method](bytes, value, shaped, TEXT, end - TEXT, laid) ?? undefined;
    } finally {
      words.fill(0, 0, Math.min(at, WORDS));
      bytes.fill(0, TEXT, end);
      busy = false;
    }
  }
}

module.exports = { Tape };
