// What answers and errors are to a typed host: every line that must not compile says so.
import { Decision, Engine, Explanation, InputError, PolicyError, Verdict, ByleaveError } from 'byleave';
import type { Asked, Evidence, Facts, Planned, Reason } from 'byleave';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_T extends true>(): void {}

declare const decision: Decision;
is<Same<typeof decision.outcome, 'allow' | 'defer' | 'deny'>>();
is<Same<typeof decision.reasons, readonly Reason[]>>();
is<Same<typeof decision.valid_until, string | null | undefined>>();
is<Same<typeof decision.evidence, Evidence | undefined>>();
is<Same<ReturnType<typeof decision.json>, string>>();

switch (decision.outcome) {
  case 'allow':
    is<Same<typeof decision.allowed, true>>();
    is<Same<typeof decision.until, undefined>>();
    break;
  case 'defer':
    is<Same<typeof decision.allowed, false>>();
    is<Same<typeof decision.until, string>>();
    break;
  case 'deny':
    is<Same<typeof decision.until, undefined>>();
    break;
  default:
    is<Same<typeof decision, never>>();
}
if (decision.allowed) {
  is<Same<typeof decision.outcome, 'allow'>>();
} else {
  is<Same<typeof decision.outcome, 'defer' | 'deny'>>();
}
// @ts-expect-error only a deferral has an instant
decision.until.length;
// @ts-expect-error answers never change
decision.outcome = 'allow';
// @ts-expect-error nor do their parts
decision.reasons.push(decision.reasons[0]);
// @ts-expect-error nothing is renamed
decision.validUntil;
// @ts-expect-error hosts make no decisions
new Decision('{}');
is<Same<ReturnType<typeof Decision.fromJson>, Decision>>();

const [reason] = decision.reasons;
is<Same<typeof reason, Reason | undefined>>();
const clears = reason?.clears;
if (clears?.at !== undefined) is<Same<typeof clears.at, string>>();
if (clears?.never) is<Same<typeof clears.at, undefined>>();

declare const unknown: unknown;
if (unknown instanceof Decision) is<Same<typeof unknown, Decision>>();

declare const engine: Engine;
for (const it of engine.decideMany([{}], { returnErrors: true })) {
  if (it instanceof Decision) is<Same<typeof it, Decision>>();
  else is<Same<typeof it, ByleaveError>>();
}
declare const facts: Facts;
const verdict = engine.verdict(facts);
is<Same<typeof verdict, Verdict>>();
if (verdict.outcome === 'defer') is<Same<typeof verdict.until, string>>();
// @ts-expect-error facts come from an engine
engine.verdict({ at: '2026-07-01T12:00:00Z' });

const [planned] = engine.plan({ options: [{}] }).options;
is<Same<typeof planned, Planned | undefined>>();
if (planned?.outcome === 'defer') is<Same<typeof planned.until, string>>();

const explained = engine.explain('{}');
is<Same<typeof explained, Explanation>>();
is<Same<typeof explained.decision, Decision>>();
const asked: readonly Asked[] | undefined = explained.rules[0]?.conditions[0]?.parts;
void asked;

try {
  new Engine();
} catch (error) {
  if (error instanceof PolicyError) {
    is<Same<typeof error.kind, 'policy'>>();
    const place: number | undefined = error.diagnostics[0]?.at.start.line;
    void place;
  } else if (error instanceof InputError) {
    is<Same<typeof error.kind, 'input'>>();
    is<Same<typeof error.path, string | undefined>>();
    // @ts-expect-error only policy has diagnostics
    error.diagnostics;
  } else if (error instanceof ByleaveError) {
    // The ledger's kinds are held in `ledger.ts`: a browser has none.
    const kind: 'input' | 'policy' | 'limit' | 'internal' extends typeof error.kind ? string : never = error.kind;
    void kind;
  }
}
