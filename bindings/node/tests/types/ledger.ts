// What a ledger is to a typed host: every line that must not compile says so.
import { ByleaveError, Engine, Ledger, LedgerError, generateKey, publicKey, verifyBundle } from 'byleave';
import type { BundleReport, Checkpoint, Decided, Decision, LedgerErrorKind, LedgerEvent, LedgerReport, Receipt, RefusedLine, TakenIn } from 'byleave';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_T extends true>(): void {}

declare const engine: Engine;
const ledger = new Ledger('consent.db', { readOnly: false });
new Ledger(new URL('file:///consent.db'));
// @ts-expect-error a place is a path or a URL
new Ledger(7);
// @ts-expect-error arguments are in JavaScript's own case
new Ledger('consent.db', { read_only: true });

const event: LedgerEvent = {
  key: 'form-1', person: 'p-1', list: 'consents', source: 'web form', actor: { kind: 'person' }, recorded_at: new Date(),
  event: { kind: 'grant' },
};
is<Same<ReturnType<typeof ledger.append>, readonly Receipt[]>>();
ledger.append([event, '{}', Uint8Array.of(1)]);
// @ts-expect-error several, always
ledger.append(event);
// @ts-expect-error there is no such list
ledger.append([{ ...event, list: 'consent' }]);
// @ts-expect-error every event says when it was recorded
ledger.append([{ key: 'form-1', person: 'p-1', list: 'consents', source: 's', actor: { kind: 'person' }, event: {} }]);

const asked = ledger.decide(engine, '{}', '2026-07-01T12:00:00Z');
is<Same<typeof asked.decision, Decision>>();
is<Same<typeof asked.receipt, undefined>>();
const kept = ledger.decide(engine, {}, { person: 'p-1', record: new Date(), detail: 'full' });
is<Same<typeof kept.receipt, Receipt>>();
declare const record: Date | undefined;
const either = ledger.decide(engine, {}, { record });
is<Same<typeof either, Decided>>();
if (either.receipt !== undefined) is<Same<typeof either.receipt, Receipt>>();
// @ts-expect-error a decision stands beside its receipt
kept.allowed;

is<Same<ReturnType<typeof ledger.checkpoint>, Checkpoint>>();
is<Same<Checkpoint['signed_by'], string | null>>();
ledger.checkpoint('2026-07-01T12:00:00Z', { key: generateKey() });
// @ts-expect-error no clock is read
ledger.checkpoint();

const report = ledger.verify({ keys: publicKey('00') });
is<Same<typeof report, LedgerReport>>();
if (report.holds) is<Same<typeof report.findings, readonly []>>();
else is<Same<(typeof report.findings)[0]['event'], number | null>>();
is<Same<ReturnType<typeof ledger.verifyAsync>, Promise<LedgerReport>>>();
is<Same<ReturnType<typeof ledger.export>, string>>();
is<Same<ReturnType<typeof verifyBundle>, BundleReport>>();
const replayed: 'same' | 'other_engine' | 'differs' | 'impossible' | undefined = verifyBundle('').decisions[0]?.replay;
void replayed;
const lines = ledger.linesSince(null, { person: 'p-1', most: 10 });
is<Same<typeof lines.mark, string | null>>();
ledger.linesSince(lines.mark);
ledger.linesSince();
// @ts-expect-error a mark is what a ledger has said
ledger.linesSince(7);
const taken = ledger.takeIn(lines.lines, new Date());
ledger.takeIn(Uint8Array.of(1), '2026-07-01T12:00:00Z');
is<Same<typeof taken.refused, readonly RefusedLine[]>>();
is<Same<ReturnType<typeof ledger.takeInAsync>, Promise<TakenIn>>>();
// @ts-expect-error no clock is read
ledger.takeIn(lines.lines);
new Ledger(':memory:', { saved: ledger.save(), readOnly: true });
ledger.erase('p-1', { why: 'GDPR 17', by: 'privacy office', at: new Date(), addresses: ['a@example.org'] });
// @ts-expect-error whoever erases says why
ledger.erase('p-1', { by: 'privacy office', at: new Date() });
ledger[Symbol.dispose]();

declare const error: unknown;
if (error instanceof LedgerError) is<Same<typeof error.kind, LedgerErrorKind>>();
if (error instanceof ByleaveError) is<Same<typeof error.kind, 'input' | 'policy' | 'limit' | 'internal' | LedgerErrorKind>>();
// @ts-expect-error hosts make no errors
new LedgerError();
