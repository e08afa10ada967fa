// What a typed host of this package may write, beyond what it may write of Byleave in Node: every line that must not compile
// says so.
import { Decision, Engine, check, init, packs } from 'byleave-wasm';
import * as small from 'byleave-wasm/evaluator';
import * as kept from 'byleave-wasm/ledger';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_T extends true>(): void {}

is<Same<ReturnType<typeof init>, Promise<void>>>();
init('/byleave.wasm');
init(new URL('https://example.org/byleave.wasm'));
init(fetch('/byleave.wasm'));
declare const module: WebAssembly.Module;
init(module);
// @ts-expect-error nothing of the kind
init(null);

const engine = new Engine({ packs: packs(), texts: 'x', limits: { events: 1 } });
// @ts-expect-error a browser has no files
new Engine({ paths: 'policy' });
// @ts-expect-error nor has looking for mistakes
check({ paths: 'policy' });
const compiled = engine.compile(['America/New_York']);
const widget = new small.Engine({ compiled });
// @ts-expect-error the small build reads no policy
new small.Engine({ texts: 'x' });
// @ts-expect-error and needs something
new small.Engine();
// @ts-expect-error nor does it look for mistakes
small.check({});
const decision = widget.decide({ at: new Date() });
is<Same<typeof decision.outcome, Decision['outcome']>>();
if (decision.outcome === 'defer') is<Same<typeof decision.until, string>>();
engine.free();

const ledger = new kept.Ledger();
new kept.Ledger(':memory:', { saved: ledger.save(), readOnly: true });
// @ts-expect-error a browser has no files
new kept.Ledger('consent.db');
// @ts-expect-error the build with the ledger reads no policy
new kept.Engine({ texts: 'x' });
const law = new kept.Engine({ compiled });
const asked = ledger.decide(law, {}, { at: new Date(), person: 'p-1', record: new Date() });
is<Same<typeof asked.receipt, kept.Receipt>>();
is<Same<typeof asked.decision, kept.Decision>>();
const told = ledger.linesSince(null, { person: 'p-1' });
is<Same<ReturnType<typeof ledger.takeIn>, kept.TakenIn>>();
ledger.takeIn(told.lines, new Date()).refused.map((it) => it.line + (it.path ?? '').length);
declare const error: unknown;
if (error instanceof kept.LedgerError) is<Same<typeof error.kind, kept.LedgerErrorKind>>();
if (error instanceof kept.ByleaveError) is<Same<typeof error.kind, 'input' | 'policy' | 'limit' | 'internal' | kept.LedgerErrorKind>>();
// @ts-expect-error engines are of one build
ledger.decide(engine, {});
