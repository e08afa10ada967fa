// What an engine is built from, as hosts write it: one name or several, paths, texts, limits.
'use strict';

const host = require('./host.js');
const { byName, ordinary, refused, Writer } = require('./request.js');

function word(value, steps) {
  const plain = value instanceof URL && value.protocol === 'file:' ? host.filePath(value) : value;
  if (typeof plain !== 'string' || !plain.isWellFormed()) throw refused(steps, 'expected one text or several');
  return plain;
}

/** One word or several. */
function words(value, name) {
  if (value === undefined) return [];
  if (typeof value === 'string' || value instanceof URL) return [word(value, [name])];
  if (typeof value?.[Symbol.iterator] !== 'function') throw refused([name], 'expected one text or several');
  return Array.from(value, (it, at) => word(it, [name, at]));
}

function texts(value) {
  if (value === undefined) return [];
  const text = (it, steps) => {
    if (host.isUint8Array(it) || (typeof it === 'string' && it.isWellFormed())) return it;
    throw refused(steps, 'policy is text, or names with their texts');
  };
  if (typeof value === 'string' || host.isUint8Array(value)) return [{ name: '', text: text(value, ['texts']) }];
  const entries = host.isMap(value) ? [...value] : ordinary(value) ? Object.entries(value) : text(value, ['texts']);
  return entries.map(([name, it]) => ({ name: word(name, ['texts']), text: text(it, ['texts', String(name)]) }));
}

function only(options, known) {
  byName(options, known, 'expected what to load by name', `write \`{ ${known.join(', ')} }\``);
}

/** What to load; nothing named is every pack that comes with Byleave. */
function wanted(options = {}, extra = []) {
  only(options, [...host.NAMED, ...extra]);
  return {
    packs: words(options.packs, 'packs'),
    paths: words(options.paths, 'paths'),
    texts: texts(options.texts),
    given: host.NAMED.some((name) => options[name] !== undefined),
  };
}

/** Bytes that are there: a buffer that was handed on (`postMessage`) has none any more. */
function present(bytes) {
  try {
    if (host.isBuffer(bytes)) return new Uint8Array(bytes);
    return host.isUint8Array(bytes) && new Uint8Array(bytes.buffer) ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** The bytes of compiled packs, which stand for all else that could be said; nothing where there are none. */
function compiled(options, extra) {
  if (options === undefined && host.NAMED.length > 0) return undefined;
  // Where no policy is read, compiled packs are all that there is to say.
  only(options, host.NAMED.length > 0 ? ['compiled', ...host.NAMED, ...extra] : ['compiled']);
  const bytes = options.compiled;
  if (bytes === undefined && host.NAMED.length > 0) return undefined;
  const view = present(bytes);
  if (view === undefined) {
    throw refused(['compiled'], 'expected the bytes of compiled packs', '`byleave compile` writes them');
  }
  if (Object.keys(options).some((key) => key !== 'compiled' && options[key] !== undefined)) {
    throw refused(['compiled'], 'compiled packs stand alone', 'what they hold was said when they were compiled');
  }
  return host.ownBytes(view);
}

/** Names of time zones, or nothing for every one. */
function zones(value) {
  return value === 'all' ? undefined : words(value ?? null, 'zones');
}

/** The limits as JSON text, as far as they are given. */
function limits(given) {
  return given === undefined ? undefined : new Writer(['limits']).value(given);
}

module.exports = { compiled, limits, wanted, zones };
