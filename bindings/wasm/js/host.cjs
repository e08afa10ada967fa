// What the JavaScript of `bindings/node/lib` asks of its host, where the host is a browser: `host.js` there, in what every
// engine of JavaScript has. What an object is, is asked of the object's own slots, which no host can put on or take off.
'use strict';

const getter = (prototype, key) => Object.getOwnPropertyDescriptor(prototype, key).get;

/** Whether a getter or a method finds the slot that it reads. Plain objects, which most are, are not even asked. */
function slotted(read) {
  return (value) => {
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) === Object.prototype) return false;
    try {
      read.call(value);
      return true;
    } catch {
      return false;
    }
  };
}

const isDate = slotted(Date.prototype.getTime);
const isMap = slotted(getter(Map.prototype, 'size'));
const isSet = slotted(getter(Set.prototype, 'size'));

const kindOfArray = getter(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
const isUint8Array = (value) => kindOfArray.call(value) === 'Uint8Array';

/** How many bytes a text has in UTF-8. It may be too long to be written twice. */
function byteLength(text) {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >> 10 === 0x36 && text.charCodeAt(at + 1) >> 10 === 0x37) (bytes += 4), (at += 1);
    else bytes += 3;
  }
  return bytes;
}

/** What writes texts into memory as UTF-8, each from a place on, and tells how many bytes it was. */
function textWriter(memory) {
  const encoder = new TextEncoder();
  return (text, at) => encoder.encodeInto(text, memory.subarray(at)).written;
}

/** Which of two texts comes first, as their bytes in UTF-8 do. */
function compareBytes(a, b) {
  const [left, right] = [a, b].map((it) => new TextEncoder().encode(it));
  const common = Math.min(left.length, right.length);
  for (let at = 0; at < common; at++) {
    if (left[at] !== right[at]) return left[at] - right[at];
  }
  return left.length - right.length;
}

/** Bytes that nobody changes while they are read. */
function ownBytes(bytes) {
  const shared = Object.prototype.toString.call(bytes.buffer) === '[object SharedArrayBuffer]';
  return shared ? Uint8Array.from(bytes) : bytes;
}

const isBuffer = (value) => /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));

/** How policy can be named here: there are no files, and the small builds read no policy at all. */
const NAMED = BYLEAVE_TEXT ? ['packs', 'texts'] : [];
const filePath = String;

/** Where a ledger lies whose place nobody says. */
const PLACE = ':memory:';

const STOPPED = JSON.stringify({
  error: { kind: 'internal', message: 'the engine stopped in the middle of its work; please report it' },
  diagnostics: [],
});

/** The text of what Rust has thrown; a trap is told as what it is. */
function fault(error) {
  if (typeof error === 'string') return error;
  return error instanceof WebAssembly.RuntimeError ? STOPPED : undefined;
}

module.exports = {
  byteLength, compareBytes, fault, filePath, isBuffer, isDate, isMap, isSet, isUint8Array, NAMED, ownBytes, PLACE, textWriter,
};
