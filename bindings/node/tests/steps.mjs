// The ledger's cases, as every runner of JavaScript asks them: in Node, on WebAssembly, and in a page, which has no `assert`.

function filled(it, saved) {
  if (typeof it === 'string' && it.startsWith('$')) {
    const [name, key] = it.slice(1).split('.');
    return key === undefined ? saved[name] : saved[name][key];
  }
  if (Array.isArray(it)) return it.map((part) => filled(part, saved));
  if (typeof it !== 'object' || it === null) return it;
  return Object.fromEntries(Object.entries(it).map(([key, part]) => [key, filled(part, saved)]));
}

function text(it) {
  if (it.startsWith('{\n')) return '<bundle>';
  if (it.startsWith('{"ledger":')) return '<saved>';
  return it.replace(/^(\d+:)?[0-9a-f]{64}$/i, (_, number = '') => `${number}<digest>`);
}

function shown(it) {
  if (typeof it === 'string') return text(it);
  if (Array.isArray(it)) return it.map(shown);
  if (typeof it !== 'object' || it === null) return it;
  return Object.fromEntries(Object.entries(it).map(([key, part]) => [key, shown(part)]));
}

/** Whether two trees of JSON say the same. */
function same(a, b) {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [mine, other] = [Object.keys(a), Object.keys(b)];
  return Array.isArray(a) === Array.isArray(b) && mine.length === other.length && mine.every((key) => key in b && same(a[key], b[key]));
}

/** A verb with the arguments of the file, in JavaScript's way. */
const VERBS = {
  append: (ledger, { events }) => ledger.append(events),
  decide(ledger, { request, ...rest }, { law }) {
    const { decision, receipt } = ledger.decide(law, request, rest);
    const facts = decision.evidence?.facts.slice(0, 16) ?? null;
    return { decision: { outcome: decision.outcome, rules: decision.reasons.map((it) => it.rule), facts }, receipt: receipt ?? null };
  },
  facts: (ledger, { person, known_at, ...rest }) => ledger.facts(person, known_at, rest),
  keeps: (ledger, { list, since }) => ledger.keeps(list, since) ?? null,
  checkpoint: (ledger, { at, ...rest }) => ledger.checkpoint(at, rest),
  verify: (ledger, trust) => ledger.verify(trust),
  erase: (ledger, { person, ...rest }) => ledger.erase(person, rest),
  export: (ledger, { person, at, texts, open_others: openOthers }) => ledger.export(person, at, { texts, openOthers }),
  lines_since: (ledger, { since, ...rest }) => ledger.linesSince(since, rest),
  take_in: (ledger, { lines, at }) => ledger.takeIn(lines, at),
  save: (ledger) => ledger.save(),
  size: (ledger) => ledger.size(),
  close: (ledger) => ledger.close() ?? null,
  verify_bundle: (_, { bundle, ...trust }, { byleave }) => byleave.verifyBundle(bundle, trust),
  public_key: (_, { key }, { byleave }) => byleave.publicKey(key),
  tamper: (_, { text, words, by }) => text.replaceAll(words, by),
};

/**
 * Asks every case: `byleave` is what is asked, `law` an engine of the file's packs, and `fresh` gives for a case what opens its ledger,
 * and opens it again. Gives how many steps there were, and what was not as it should be.
 */
export function ask({ cases }, byleave, law, fresh) {
  let steps = 0;
  const wrong = [];
  for (const { name, steps: all } of cases) {
    const open = fresh();
    let ledger = open({});
    const saved = {};
    for (const step of all) {
      steps += 1;
      const args = filled(step.args, saved);
      let got;
      try {
        if (step.do === 'open') {
          ledger = open({ readOnly: args.read_only, saved: args.saved }, ledger);
          got = { gives: null };
        } else {
          // What lies in memory alone is made again of what it was.
          if (step.do === 'close') open.closing?.(ledger);
          const gave = VERBS[step.do](ledger, args, { byleave, law });
          if ('save' in step) saved[step.save] = gave;
          got = { gives: shown(gave) };
        }
      } catch (error) {
        if (!(error instanceof byleave.ByleaveError)) throw error;
        got = { fails: { class: error.name, error: JSON.parse(error.json()) } };
      }
      const expected = 'fails' in step ? { fails: step.fails } : { gives: step.gives };
      if (!same(got, expected)) wrong.push(`${name}: ${step.do} ${JSON.stringify(args)}: ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`);
    }
    ledger.close();
  }
  return { steps, wrong };
}

/** What opens a case's ledger where there is memory alone: opened again, it is made of what it was. */
export function inMemory({ Ledger }) {
  let kept;
  const open = ({ readOnly, saved }, before) => {
    if (saved === undefined && before !== undefined && !open.closed) kept = before.save();
    open.closed = false;
    return new Ledger(':memory:', { readOnly, saved: saved ?? kept });
  };
  open.closing = (ledger) => {
    if (!open.closed) kept = ledger.save();
    open.closed = true;
  };
  return open;
}
