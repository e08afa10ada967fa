// Exceptions. Whichever is thrown, nothing was decided and nothing kept, and the handle can be used again.
'use strict';

const { freeze, LIST } = require('./frozen.js');
const host = require('./host.js');

/** What went wrong: its kind, the path into what was sent, one sentence, and what to write instead. */
class ByleaveError extends Error {
  constructor(message, { path, other_path, hint } = {}) {
    super(message);
    for (const [key, value] of Object.entries({ path, other_path, hint })) {
      // Absent stays absent, and what there is shows where an exception is printed.
      if (value !== undefined) this[key] = value;
    }
  }

  // In words, for what makes a program small for browsers gives classes other names.
  get name() {
    return 'ByleaveError';
  }

  get kind() {
    return 'internal';
  }

  toString() {
    const path = this.path === undefined ? '' : `${this.path}: `;
    const other = this.other_path === undefined ? '' : `; see ${this.other_path}`;
    const hint = this.hint === undefined ? '' : ` (${this.hint})`;
    return `${this.name}: ${path}${this.message}${other}${hint}`;
  }

  toJSON() {
    const { kind, path, other_path, message, hint } = this;
    return { kind, path, other_path, message, hint };
  }

  /** The error as every binding writes it. */
  json() {
    return JSON.stringify(this.toJSON());
  }
}

/** The request, or an argument, is not what the contract asks for. */
class InputError extends ByleaveError {
  get name() {
    return 'InputError';
  }

  get kind() {
    return 'input';
  }
}

/** More than is admitted: a size, a count, a depth. */
class LimitError extends ByleaveError {
  get name() {
    return 'LimitError';
  }

  get kind() {
    return 'limit';
  }
}

/** The engine contradicts itself. Please report it. */
class InternalError extends ByleaveError {
  get name() {
    return 'InternalError';
  }
}

/** The policy does not check; `diagnostics` says where. */
class PolicyError extends ByleaveError {
  constructor(message, { lines = [], diagnostics = [], ...rest } = {}) {
    super(message, rest);
    this.lines = freeze([...lines]);
    this.diagnostics = diagnostics;
  }

  get name() {
    return 'PolicyError';
  }

  get kind() {
    return 'policy';
  }

  toJSON() {
    const lines = this.lines.length === 0 ? undefined : this.lines;
    return { ...super.toJSON(), lines };
  }
}

/** By the names that Rust gives them; `ledger.js` puts its own beside them. */
const CLASSES = { InputError, LimitError, PolicyError, InternalError };

/** The exception that a fault's text stands for. */
function refusal(text) {
  const { class: name, error, diagnostics } = JSON.parse(text);
  const { message, ...parts } = error;
  return new (CLASSES[name] ?? InternalError)(message, {
    ...parts,
    diagnostics: freeze(diagnostics.map((it) => ({ ...it, labels: it.labels ?? LIST }))),
  });
}

/** Calls into Rust; its faults come out as what they stand for. */
function asking(call) {
  try {
    return call();
  } catch (error) {
    const text = host.fault(error);
    throw text === undefined ? error : refusal(text);
  }
}

/** The same error, in the n-th of several requests. */
function inRequest(error, n) {
  if (!(error instanceof ByleaveError)) return error;
  const at = (path) => `[${n}]${path.startsWith('[') ? '' : '.'}${path}`;
  error.path = error.path === undefined ? `[${n}]` : at(error.path);
  if (error.other_path !== undefined) error.other_path = at(error.other_path);
  return error;
}

module.exports = { ByleaveError, InputError, LimitError, InternalError, PolicyError, CLASSES, refusal, asking, inRequest };
