// What an engine is built from, as hosts write it: one name or several, paths, texts, limits.
'use strict';

const host = require('./host.js');
const { refused, ...request } = require('./request.js');

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

/** How a text is shown that came without a name. */
const UNNAMED = 'policy.leave';

function texts(value) {
  if (value === undefined) return [];
  const text = (it, steps) => {
    if (host.isUint8Array(it) || (typeof it === 'string' && it.isWellFormed())) return it;
    throw refused(steps, 'policy is text, or names with their texts');
  };
  if (typeof value === 'string' || host.isUint8Array(value)) return [{ name: UNNAMED, text: text(value, ['texts']) }];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) text(value, ['texts']);
  const entries = host.isMap(value) ? [...value] : Object.entries(value);
  return entries.map(([name, it]) => ({ name: word(name, ['texts']), text: text(it, ['texts', String(name)]) }));
}

function only(options, known) {
  if (typeof options !== 'object' || options === null) {
    throw refused([], 'expected what to load by name', `write \`{ ${known.join(', ')} }\``);
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) throw refused([unknown], 'there is no such argument', `arguments are ${known.join(', ')}`);
}

const NAMED = host.PATHS ? ['packs', 'paths', 'texts'] : ['packs', 'texts'];

/** What to load; nothing named is every pack that comes with Byleave. */
function wanted(options = {}, extra = []) {
  only(options, [...NAMED, ...extra]);
  const out = { packs: words(options.packs, 'packs'), paths: words(options.paths, 'paths'), texts: texts(options.texts) };
  // To ask for nothing by an empty list is a slip somewhere, not a wish for all law there is.
  if (NAMED.some((name) => options[name] !== undefined) && NAMED.every((name) => out[name].length === 0)) {
    const all = host.PATHS ? 'all three' : 'both';
    throw refused([], 'no policy was named', `leave ${all} out for every pack that comes with Byleave`);
  }
  return out;
}

/** The limits as JSON text, as far as they are given. */
function limits(given) {
  if (given === undefined) return undefined;
  if (typeof given !== 'object' || given === null) throw refused(['limits'], 'expected limits by name');
  const most = request.limits();
  const out = { ...most };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(most, name)) {
      throw refused(['limits', name], 'there is no such limit', `limits are ${Object.keys(most).join(', ')}`);
    }
    if (value === undefined) continue;
    if (!Number.isInteger(value) || value < 0 || value > most[name]) {
      throw refused(['limits', name], `a limit is a whole number of at most ${most[name]}`);
    }
    out[name] = value;
  }
  return JSON.stringify(out);
}

module.exports = { wanted, limits };
