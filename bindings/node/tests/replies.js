// The corpus of replies, as every runner of JavaScript reads it.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const corpus = require('./corpus.js');

const FOLDER = path.join(corpus.FOLDER, 'replies');

const FILE = ['about', 'packs', 'context', 'cases'];
const CASE = ['name', 'text', 'language', 'context', 'change', 'expect'];
const EXPECT = [
  'kind', 'words', 'place', 'set_aside', 'rules', 'cut', 'level', 'events', 'scope', 'honor_by', 'confirmation', 'missing', 'error',
];

function only(known, given, where) {
  assert.deepEqual(Object.keys(given).filter((key) => !known.includes(key)), [], `${where}: unknown keys`);
}

/** Every case with its file, files in order of name. */
function* cases() {
  const names = fs.readdirSync(FOLDER).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    const file = JSON.parse(fs.readFileSync(path.join(FOLDER, name), 'utf8'));
    only(FILE, file, name);
    for (const it of file.cases) {
      only(CASE, it, it.name);
      only(EXPECT, it.expect, it.name);
      yield { name, file, it };
    }
  }
}

/** The text of a message; one of pieces, each so many times, is put together. */
const message = (text) =>
  typeof text === 'string' ? text : text.map((piece) => (typeof piece === 'string' ? piece : piece[0].repeat(piece[1]))).join('');

/** What a case says besides its message. */
function context(file, it) {
  const out = it.context ?? file.context;
  if (typeof out !== 'object' || out === null || Array.isArray(out)) return out;
  const laid = { ...out };
  for (const [key, value] of Object.entries(it.change ?? {})) {
    delete laid[key];
    if (value !== null) laid[key] = value;
  }
  return laid;
}

module.exports = { cases, context, message };
