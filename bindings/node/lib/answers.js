// Answers: the wire's own fields under the wire's own names, frozen; what the wire leaves out because it is empty is here, empty.
'use strict';

const { asking } = require('./errors.js');
const { freeze, LIST } = require('./frozen.js');
const { native } = require('./native.js');

/** Which lists a part of an answer has, by the name of its struct on the wire, and of which parts they are. */
const LISTS = {
  Decision: { reasons: 'Reason', obligations: 'Obligation', missing: '', taken_as: 'TakenAs', warnings: '' },
  Reason: { refused_by: '', citations: '', looked_at: '', exemptions: 'Tried', missing: '', would_change: '' },
  Tried: { citations: '', lacked: '' },
  Obligation: { citations: '' },
  TakenAs: { citations: '' },
  Planned: { kinds: '', rules: '', missing: '', warnings: '' },
  Explanation: { rules: 'RuleExplained', not_applicable: '', refusals: 'RefusalExplained' },
  RefusalExplained: { breaks: '', also: '' },
  RuleExplained: { citations: '', conditions: 'Asked', exemptions: 'ExemptionExplained', looked_at: '' },
  ExemptionExplained: { citations: '', conditions: 'Asked' },
  Asked: { missing: '', parts: 'Asked' },
  PackInfo: { sources: '', uses: '', rules: '', settings: 'SettingInfo' },
  Interpretation: { words: '', set_aside: '', rules: 'ReplyRule', events: '', obligations: 'Obligation', missing: '' },
  ReplyRule: { citations: '' },
  Confirmation: { may_ask: '', obligations: 'Obligation', exemptions: 'ReplyRule', rules: '', missing: '' },
  SettingInfo: { readings: '', citations: '' },
};

/** The same, in an order to go through. */
const PARTS = new Map(Object.entries(LISTS).map(([name, lists]) => [name, Object.entries(lists)]));

/** Puts in what the wire leaves out of a part, and of the parts in it; the lists, and the parts in them, never change then. */
function whole(name, part) {
  for (const [key, inner] of PARTS.get(name)) {
    const list = part[key];
    if (list === undefined) {
      part[key] = LIST;
      continue;
    }
    if (inner !== '') for (const it of list) freeze(whole(inner, it));
    freeze(list);
  }
  return part;
}

const NO_FIELDS = Object.freeze({ allowed: LIST, withheld: LIST });

/** An answer with its canonical text. */
class Answer {
  #text;

  constructor(text) {
    this.#text = text;
  }

  /** The canonical text: in UTF-8, the same bytes as in every other language. */
  json() {
    return this.#text;
  }

  /** What the text says, as plain objects; so `JSON.stringify` gives the same text. */
  toJSON() {
    return JSON.parse(this.#text);
  }
}

/** A decision on one proposed contact. */
class Decision extends Answer {
  /** For this module alone: hosts get decisions from an engine, or by `fromJson`. */
  constructor(text) {
    super(text);
    Object.assign(this, whole('Decision', JSON.parse(text)));
    this.fields ??= NO_FIELDS;
    freeze(this);
  }

  /** Whether it may go out now. */
  get allowed() {
    return this.outcome === 'allow';
  }

  /** Reads an answer back from its canonical text. */
  static fromJson(text) {
    return new Decision(asking(() => native.readDecision(String(text))));
  }
}

/** What one option of a plan would get. */
class Planned {
  constructor(wire) {
    Object.assign(this, whole('Planned', wire));
  }

  /** Whether it may go out now. */
  get allowed() {
    return this.outcome === 'allow';
  }
}

/** The options of a plan: those that are open first, in the person's order of preference. */
class Plan extends Answer {
  constructor(text) {
    super(text);
    const wire = JSON.parse(text);
    Object.assign(this, wire, { options: wire.options.map((it) => new Planned(it)) });
    freeze(this);
  }
}

/** Why the decision is what it is, rule by rule. */
class Explanation extends Answer {
  constructor(text) {
    super(text);
    const wire = JSON.parse(text);
    Object.assign(this, whole('Explanation', wire), { decision: new Decision(JSON.stringify(wire.decision)) });
    freeze(this);
  }
}

/** What somebody's answer means, and what follows from it. */
class Interpretation extends Answer {
  constructor(text) {
    super(text);
    Object.assign(this, whole('Interpretation', JSON.parse(text)));
    this.cut ??= false;
    if (this.confirmation !== undefined) freeze(whole('Confirmation', this.confirmation));
    for (const it of this.set_aside) freeze(it.words);
    freeze(this);
  }
}

/** The outcome alone, and of a deferral its instant. */
class Verdict {
  constructor(outcome, until) {
    this.outcome = outcome;
    if (until !== undefined) this.until = until;
    Object.freeze(this);
  }

  /** Whether it may go out now. */
  get allowed() {
    return this.outcome === 'allow';
  }
}

const ALLOW = new Verdict('allow');
const DENY = new Verdict('deny');

/** The verdict that the addon tells in one word. */
function verdict(word) {
  if (word === 'allow') return ALLOW;
  return word === 'deny' ? DENY : new Verdict('defer', word);
}

/** A list of parts, from JSON text. */
function parts(name, text) {
  return freeze(JSON.parse(text).map((it) => whole(name, it)));
}

module.exports = { Decision, Explanation, Interpretation, Plan, Planned, Verdict, parts, verdict };
