// What the JavaScript here asks of its host. The same files serve WebAssembly, with `bindings/wasm/js/host.cjs` in the place of
// this one: what a browser does not have is asked for here and nowhere else.
'use strict';

const { types } = require('node:util');
const { fileURLToPath } = require('node:url');

const { isAnyArrayBuffer: isBuffer, isDate, isMap, isSet, isUint8Array } = types;

/** How many bytes a text has in UTF-8. */
const byteLength = (text) => Buffer.byteLength(text);

/** What writes texts into memory as UTF-8, each from a place on, and tells how many bytes it was. */
function textWriter({ buffer, byteOffset, byteLength }) {
  const memory = Buffer.from(buffer, byteOffset, byteLength);
  return (text, at) => memory.utf8Write(text, at);
}

/** Which of two texts comes first, as their bytes in UTF-8 do. */
const compareBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Bytes that nobody changes while they are read. */
const ownBytes = (bytes) => (types.isSharedArrayBuffer(bytes.buffer) ? Uint8Array.from(bytes) : bytes);

/** How policy can be named here. */
const NAMED = ['packs', 'paths', 'texts'];

/** Where a ledger lies whose place nobody says: nowhere. */
const PLACE = undefined;

/** The path of a `file:` URL. */
const filePath = (url) => fileURLToPath(url);

/** The text of what Rust has thrown, of which `errors.js` makes an exception; nothing when somebody else has thrown it. */
const fault = (error) => (error?.code === 'BYLEAVE' ? error.message : undefined);

module.exports = {
  byteLength, compareBytes, fault, filePath, isBuffer, isDate, isMap, isSet, isUint8Array, NAMED, ownBytes, PLACE, textWriter,
};
