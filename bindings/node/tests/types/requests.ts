// What a typed host may ask: every line that must not compile says so.
import byleave = require('byleave');
import type { ByleaveError, Decision, Diagnostic, ReplyOptions, Request } from 'byleave';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_T extends true>(): void {}

const engine = new byleave.Engine({ packs: 'us.tcpa', texts: { 'a/a.leave': 'x' }, limits: { events: 10 } });
new byleave.Engine({ packs: new Set(['us.tcpa']), paths: [new URL('file:///a'), 'b'], texts: new Map([['a', 'b']]) });
// @ts-expect-error no such argument
new byleave.Engine({ pack: 'us.tcpa' });
// @ts-expect-error no such limit
new byleave.Engine({ limits: { evnts: 1 } });

interface Contact {
  readonly channel: 'sms' | 'voice';
  readonly purpose: readonly string[];
}
interface Mine {
  at: Date;
  person: { birth_date?: string | undefined; time_zones: Set<string> };
  contact: Contact;
}
declare const mine: Mine;

engine.decide('{}');
engine.decide(new Uint8Array(), '2026-07-01T12:00:00Z');
engine.decide(mine, new Date());
engine.decide({ at: new Date(), person: {}, anything: { of: ['the', 'packs'] } });
engine.decide({}, { at: '2026-07-01T12:00:00Z', known_at: new Date(), horizon: '3 days', detail: 'full', settings: { a: 'b' } });
const written: Request = { person: { id: 'p-1' }, contact: { channel: 'sms' } };
const requests: Request[] = [mine, written, '{}'];
const context: ReplyOptions = { context: { person: {} } };
engine.decideMany(requests);
engine.interpretReply('stop', context);
// @ts-expect-error a number is no instant
const wrong: Request = { at: 7 };
void wrong;
// @ts-expect-error a number is no instant
engine.decide({ at: 7 });
// @ts-expect-error a number is no instant
engine.decide({}, 7);
// @ts-expect-error no such detail
engine.decide({}, { detail: 'ful' });
// @ts-expect-error the wire's name is `known_at`
engine.decide({}, { knownAt: new Date() });
// @ts-expect-error an explanation has one length
engine.explain({}, { detail: 'full' });
// @ts-expect-error a request is text or an object
engine.decide(7);

is<Same<ReturnType<typeof engine.decide>, Decision>>();
const plain = engine.decideMany([mine, mine]);
is<Same<typeof plain, Decision[]>>();
const mixed = engine.decideMany(['{}', new Uint8Array()], { returnErrors: true });
is<Same<typeof mixed, (Decision | ByleaveError)[]>>();
const told = engine.decideMany([mine], { at: '2026-07-01T12:00:00Z', returnErrors: false });
is<Same<typeof told, Decision[]>>();
const later = engine.decideManyAsync([mine]);
is<Same<typeof later, Promise<Decision[]>>>();
const laterStill = engine.decideManyAsync([mine], { returnErrors: true });
is<Same<typeof laterStill, Promise<(Decision | ByleaveError)[]>>>();
declare const stream: AsyncIterable<Mine>;
engine.decideManyAsync(stream);
// @ts-expect-error what comes in time cannot be decided at once
engine.decideMany(stream);
// @ts-expect-error one request is not several
engine.decideMany(mine);

const found = byleave.check({ paths: 'policy' });
is<Same<typeof found, readonly Diagnostic[]>>();
const names: readonly string[] = byleave.packs();
const version: string = byleave.version;
engine.schema('decision');
// @ts-expect-error there is no such schema
engine.schema('plan');
void [names, version];
