// Runs in a browser: a ledger in the page. The test asks for its doors by name.
import { ByleaveError, Engine, Ledger, LedgerError, init } from '/dist/ledger.js';
import * as byleave from '/dist/ledger.js';
import { ask, inMemory } from '/steps.mjs';

const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());

/** Where the page keeps what it holds, and how far it and the server have told each other. */
const KEPT = 'byleave';

function restored() {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? '{}');
  return { ledger: new Ledger(':memory:', { saved: kept.saved }), marks: kept.marks ?? {} };
}

let page;
let law;

function keep() {
  localStorage.setItem(KEPT, JSON.stringify({ saved: page.ledger.save(), marks: page.marks }));
}

/** What the test asks for. */
const doors = {
  /** The cases that every language runs. */
  async cases() {
    const cases = await (await fetch('/ledger-cases.json')).json();
    const engine = new Engine({ compiled: await bytes('/ledger-cases.packs') });
    return ask(cases, byleave, engine, () => inMemory(byleave));
  },

  /** Tells the page's own ledger, with or without a network. */
  tell(event) {
    const receipts = page.ledger.append([event]);
    keep();
    return receipts;
  },

  decide: (request, options) => page.ledger.decide(law, request, options).decision.outcome,

  verify: () => ({ ...page.ledger.verify(), mark: page.ledger.linesSince().mark, kept: localStorage.getItem(KEPT).length }),

  /** What the page has to say goes to the server; what the server has to say comes back. */
  async sync(person, at) {
    const { ledger, marks } = page;
    const told = ledger.linesSince(marks.told);
    const sent = { lines: told.lines, heard: marks.heard ?? null, person, at };
    const answered = await fetch('/ledger', { method: 'POST', body: JSON.stringify(sent) });
    if (!answered.ok) throw new Error(`the server says ${answered.status}`);
    const answer = await answered.json();
    const taken = ledger.takeIn(answer.lines, at);
    marks.heard = answer.mark;
    // What came from there need not go back, unless something was told here in between.
    marks.told = taken.before === told.mark ? taken.mark : told.mark;
    keep();
    return { told: told.events, refusedThere: answer.refused, new: taken.new, there: taken.there, refused: taken.refused };
  },

  /** What is kept and was changed is refused, and says where. */
  damaged() {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    try {
      new Ledger(':memory:', { saved: kept.saved.replace('revoke', 'decline') });
      return 'nothing';
    } catch (error) {
      return error instanceof LedgerError && error instanceof ByleaveError ? [error.kind, error.path, error.message] : String(error);
    }
  },
};

await init();
law = new Engine({ compiled: await bytes('/law.packs') });
page = restored();
globalThis.byleave = doors;
