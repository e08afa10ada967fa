// Policy files and folders, read here for an engine that sees none; the addon reads them itself, by the same rules
// (`byleave_packs::load`): a folder is a pack, its `.leave` files in order; passed over are hidden folders, `target`,
// `node_modules`, and what holds a file `.byleave-skip`.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { getSystemErrorMap } = require('node:util');

/** Folders nest no deeper than this: a loop of links ends here. */
const DEEPEST = 24;
/** The most files that a policy may have. */
const MOST = 512;
/** Just past the longest text that is admitted: the engine says that it is too long. */
const LONGEST = (1 << 20) + 1;

/** A path as people read it, the same on every system. */
const shown = (file) => file.replaceAll('\\', '/').replace(/^\.\//, '');

/** What JavaScript throws for a path that cannot be read, as the engine would tell it. */
function refusedAt(paths, word, message) {
  // Asked for late: what throws such errors asks the engine how a place is written.
  const { refused } = require('./request.js');
  const at = paths.indexOf(word);
  return refused(at < 0 ? ['paths'] : ['paths', at], message);
}

function walk(folder, depth, out) {
  if (depth > DEEPEST) return;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (name.startsWith('.') || name === 'target' || name === 'node_modules') continue;
    const file = folder === '.' ? name : `${folder.replace(/\/$/, '')}/${name}`;
    if (entry.isDirectory()) {
      if (!fs.existsSync(path.join(file, '.byleave-skip'))) walk(file, depth + 1, out);
    } else if (name.endsWith('.leave') && (entry.isFile() || fs.statSync(file, { throwIfNoEntry: false })?.isFile())) {
      out.push(file);
    }
  }
}

/** A text, read no further than the engine would. */
function text(file) {
  const handle = fs.openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(Math.min(fs.fstatSync(handle).size, LONGEST));
    let filled = 0;
    for (let read = 1; read > 0 && filled < bytes.length; filled += read) {
      read = fs.readSync(handle, bytes, filled, bytes.length - filled, null);
    }
    return bytes.subarray(0, filled);
  } finally {
    fs.closeSync(handle);
  }
}

/** What a file's own folder holds beside it. */
function below(word) {
  if (!fs.statSync(word).isDirectory()) return [word];
  const out = [];
  walk(word, 0, out);
  // As paths compare: step by step.
  const steps = (file) => file.split('/');
  return out.sort((a, b) => {
    const [left, right] = [steps(a), steps(b)];
    for (let at = 0; at < Math.min(left.length, right.length); at++) {
      const order = Buffer.compare(Buffer.from(left[at]), Buffer.from(right[at]));
      if (order !== 0) return order;
    }
    return left.length - right.length;
  });
}

/** The files that paths name, with their texts. */
function files(paths) {
  const out = new Map();
  const put = (file) => out.set(shown(file), { name: shown(file), text: text(file) });
  for (const word of paths) {
    let found;
    try {
      found = below(word);
      if (found.length <= MOST) found.forEach(put);
    } catch (error) {
      const [, words] = getSystemErrorMap().get(error.errno) ?? [undefined, error.message];
      throw refusedAt(paths, word, `cannot read \`${word}\`: ${words}`);
    }
    if (found.length === 0) throw refusedAt(paths, word, `there is no \`.leave\` file in \`${word}\``);
    if (found.length > MOST) {
      throw refusedAt(paths, word, `\`${word}\` holds ${found.length} policy files; a policy has at most ${MOST}`);
    }
  }
  // A test file named alone is nothing without the law beside it.
  const folders = new Map();
  for (const { name } of out.values()) {
    const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '';
    folders.set(folder, (folders.get(folder) ?? true) && name.endsWith('.test.leave'));
  }
  for (const [folder, testsAlone] of folders) {
    if (!testsAlone) continue;
    for (const file of below(folder || '.')) {
      const name = shown(file);
      const within = (name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '') === folder;
      if (within && !name.endsWith('.test.leave')) put(file);
    }
  }
  return [...out.values()];
}

module.exports = { files };
