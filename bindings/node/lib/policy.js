// What an engine is built from, as hosts write it: one name or several, paths, texts, limits.
'use strict';

const { types } = require('node:util');
const { fileURLToPath } = require('node:url');
const { refused, Writer } = require('./request.js');

function word(value, steps) {
  const plain = value instanceof URL && value.protocol === 'file:' ? fileURLToPath(value) : value;
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
    if (types.isUint8Array(it) || (typeof it === 'string' && it.isWellFormed())) return it;
    throw refused(steps, 'policy is text, or names with their texts');
  };
  if (typeof value === 'string' || types.isUint8Array(value)) return [{ name: '', text: text(value, ['texts']) }];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) text(value, ['texts']);
  const entries = types.isMap(value) ? [...value] : Object.entries(value);
  return entries.map(([name, it]) => ({ name: word(name, ['texts']), text: text(it, ['texts', String(name)]) }));
}

function only(options, known) {
  if (typeof options !== 'object' || options === null) {
    throw refused([], 'expected what to load by name', `write \`{ ${known.join(', ')} }\``);
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) throw refused([unknown], 'there is no such argument', `arguments are ${known.join(', ')}`);
}

const NAMED = ['packs', 'paths', 'texts'];

/** What to load; nothing named is every pack that comes with Byleave. */
function wanted(options = {}, extra = []) {
  only(options, [...NAMED, ...extra]);
  return {
    packs: words(options.packs, 'packs'),
    paths: words(options.paths, 'paths'),
    texts: texts(options.texts),
    given: NAMED.some((name) => options[name] !== undefined),
  };
}

/** The limits as JSON text, as far as they are given. */
function limits(given) {
  return given === undefined ? undefined : new Writer(['limits']).value(given);
}

module.exports = { wanted, limits };
