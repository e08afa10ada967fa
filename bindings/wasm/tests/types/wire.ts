// The types that hosts see are those of the wire: part by part the same, but that what the wire leaves out because it is empty is
// there, empty.
import type * as wire from '../../../types/decision.js';
import type * as own from 'byleave-wasm';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_T extends true>(): void {}

/** The part with its lists, which the wire may leave out, there. */
type Flat<T> = { [K in keyof T]: T[K] };
type Whole<T, Lists extends keyof T> = Flat<Omit<T, Lists> & Required<Pick<T, Lists>>>;
type Alike<A, B> = [A, B] extends [B, A] ? Same<keyof A, keyof B> : false;

is<Alike<own.Withheld, wire.Withheld>>();
is<Alike<own.LookedAt, wire.LookedAt>>();
is<Alike<own.Refusal, wire.Refusal>>();
is<Alike<own.PackDigest, wire.Pack>>();
is<Alike<own.DecisionWarning, wire.Warning>>();
is<Alike<own.Evidence, wire.Evidence>>();
is<Alike<own.Tried, Whole<wire.Exemption, 'citations' | 'lacked'>>>();
is<Alike<own.Obligation, Whole<wire.Obligation, 'citations'>>>();
is<Alike<own.TakenAs, Whole<wire.TakenAs, 'citations'>>>();
is<Same<own.Outcome, wire.Decision['outcome']>>();
is<Same<own.ReasonKind, NonNullable<wire.Reason['kind']>>>();
is<Same<own.Finding, wire.Reason['finding']>>();
is<Same<keyof own.Reason, keyof wire.Reason>>();
is<Same<Exclude<keyof own.Deferred, 'allowed' | 'json' | 'toJSON'>, keyof wire.Decision>>();

declare const decision: own.Deferred;
const answer: wire.Decision = decision;
void answer;
