/**
 * By your leave: may this person be contacted, now, this way, for this purpose, with this data?
 *
 * An {@link Engine} compiles packs of policy once and answers any number of requests: allow, defer until an instant, or deny,
 * with the law's citation. The instant is an argument of every question; nothing here reads a clock or a network.
 *
 * Answers hold the wire's own fields under the wire's own names, and are frozen to their leaves. Instants are text
 * (`2026-07-02T12:00:00Z`), exact to the microsecond, which `Date` is not.
 */

import type { LedgerErrorKind } from './ledger.js';
export * from './ledger.js';

// ------------------------------------------------------------------------------------------------------------ requests

/** An instant of `Temporal`, where there is one. */
export interface TemporalInstant {
  readonly [Symbol.toStringTag]: 'Temporal.Instant' | 'Temporal.ZonedDateTime';
}

/** A duration of `Temporal`, where there is one. */
export interface TemporalDuration {
  readonly [Symbol.toStringTag]: 'Temporal.Duration';
}

/** RFC 3339 with an offset, a `Date`, or an instant of `Temporal`. */
export type Instant = string | Date | TemporalInstant;

/** `"24 hours"`, or a duration of `Temporal`. */
export type Span = string | TemporalDuration;

/** How much of the answer to write: the outcome; and every rule that blocks; and every rule that applied. */
export type Detail = 'outcome' | 'blocking' | 'full';

/** Readings of contested points of law, by the setting's name. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** The keys of a request that are no facts; all others are facts, in the words of the packs. */
export interface RequestKeys {
  readonly at?: Instant | undefined;
  readonly known_at?: Instant | undefined;
  readonly horizon?: Span | undefined;
  readonly detail?: Detail | undefined;
  readonly settings?: Settings | undefined;
}

/**
 * A request: JSON text, or an object whose parts are text, whole numbers, booleans, `null`, dates, arrays, sets, maps and
 * objects. What is `undefined` is absent.
 */
export type Request<R extends object = object | Readonly<Record<string, unknown>>> = string | Uint8Array | (R & RequestKeys);

/** Arguments that lie over what the request says. */
export interface ExplainOptions {
  readonly at?: Instant | undefined;
  readonly known_at?: Instant | undefined;
  readonly horizon?: Span | undefined;
  readonly settings?: Settings | undefined;
}

/** The same, and how much of the answer to write. */
export interface DecideOptions extends ExplainOptions {
  readonly detail?: Detail | undefined;
}

/** The same for several requests, and whether one that is refused has its error in its place. */
export interface DecideManyOptions<Errors extends boolean = boolean> extends DecideOptions {
  readonly returnErrors?: Errors | undefined;
}

// ------------------------------------------------------------------------------------------------------------- answers

export type Outcome = 'allow' | 'defer' | 'deny';
export type Finding = 'not_applicable' | 'satisfied' | 'exempted' | 'undetermined' | 'violated';
export type ReasonKind = 'refused' | 'no_basis' | 'missing_fact' | 'timing' | 'too_often' | 'content';
export type Verified = 'text' | 'secondary' | 'unverified';

/** A fact that a reason rests on, and its value in words. */
export interface LookedAt {
  readonly fact: string;
  readonly value: string;
}

/** An exemption that was tried, and what it lacked. */
export interface Tried {
  readonly id: string;
  readonly finding: Finding;
  readonly citations: readonly string[];
  readonly lacked: readonly string[];
}

/** An event by which the person said no: its name, if it has one, and the instant or the day, if anybody knows. */
export interface Refusal {
  readonly id?: string;
  readonly at?: string;
}

/** When time alone would clear a reason. Exactly one of them is there. */
export type Clears =
  | { readonly at: string; readonly never?: undefined; readonly not_before?: undefined }
  | { readonly never: true; readonly at?: undefined; readonly not_before?: undefined }
  | { readonly not_before: string; readonly at?: undefined; readonly never?: undefined };

/** One rule's reason. */
export interface Reason {
  readonly rule: string;
  readonly pack: string;
  readonly finding: Finding;
  /** Of a rule that blocks: what kind of reason it is. */
  readonly kind?: ReasonKind;
  /** Of a rule that blocks because the person said no: when they did, newest first. */
  readonly refused_by: readonly Refusal[];
  readonly sentence: string;
  readonly citations: readonly string[];
  readonly verified?: Verified;
  readonly looked_at: readonly LookedAt[];
  readonly exemptions: readonly Tried[];
  readonly missing: readonly string[];
  readonly clears?: Clears;
  readonly would_change: readonly string[];
}

/** Something owed: a content element, or an act. */
export interface Obligation {
  readonly id: string;
  readonly value?: string;
  /** It has a length or a day, and nobody knows which: facts are missing. */
  readonly unknown?: boolean;
  readonly rule: string;
  readonly citations: readonly string[];
}

/** A field that may not be carried, and the rules that withhold it. */
export interface Withheld {
  readonly name: string;
  readonly rules: readonly string[];
}

/** Which fields the contact may carry. */
export interface Fields {
  readonly allowed: readonly string[];
  readonly withheld: readonly Withheld[];
}

/** An unknown that the law's own words `known that` settled. */
export interface TakenAs {
  readonly fact: string;
  readonly rule: string;
  readonly citations: readonly string[];
}

/** Something to hear of that did not stop the decision. */
export interface DecisionWarning {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/** A pack in evidence. */
export interface PackDigest {
  readonly name: string;
  readonly edition: string;
  readonly digest: string;
}

/** Time-zone data in evidence. */
export interface ZoneData {
  readonly edition: string;
  readonly digest: string;
}

/** Enough to replay a decision and to prove that it is the same. */
export interface Evidence {
  readonly engine: string;
  readonly packs: readonly PackDigest[];
  readonly settings: Readonly<Record<string, string>>;
  /** SHA-256 of the request in canonical form, in hex. */
  readonly facts: string;
  readonly zones: ZoneData;
  readonly known_at: string;
}

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What every answer can say of itself. */
export interface Answer {
  /** The canonical text: in UTF-8, the same bytes as in every other language. */
  json(): string;
  /** What the text says, as plain objects; so `JSON.stringify` gives the same text. */
  toJSON(): { [key: string]: Json };
}

interface DecisionParts extends Answer {
  /** The instant asked about, in UTC. */
  readonly at: string;
  /**
   * The first instant at which this answer could differ; `null`: none within the horizon. Absent when only the outcome was
   * asked for.
   */
  readonly valid_until?: string | null;
  /** Every rule that blocks, in order of id; with `detail: 'full'` every rule that applied. */
  readonly reasons: readonly Reason[];
  /** What is owed. */
  readonly obligations: readonly Obligation[];
  /** Which data it may carry. */
  readonly fields: Fields;
  /** The facts that the answer hangs on and that nobody supplied. */
  readonly missing: readonly string[];
  readonly taken_as: readonly TakenAs[];
  readonly warnings: readonly DecisionWarning[];
  /** Absent when only the outcome was asked for. */
  readonly evidence?: Evidence;
}

/** It may go out now. */
export interface Allowed extends DecisionParts {
  readonly outcome: 'allow';
  readonly allowed: true;
  readonly until?: undefined;
  readonly until_local?: undefined;
}

/** Not now; at `until` it may, as the facts stand. */
export interface Deferred extends DecisionParts {
  readonly outcome: 'defer';
  readonly allowed: false;
  /** The first instant that allows, in UTC. */
  readonly until: string;
  /** The same instant with the recipient's offset, where there is one. */
  readonly until_local?: string;
}

/** Not within the horizon. */
export interface Denied extends DecisionParts {
  readonly outcome: 'deny';
  readonly allowed: false;
  readonly until?: undefined;
  readonly until_local?: undefined;
}

/** A decision on one proposed contact. It is an object whatever it says: ask `allowed` or `outcome`. */
export type Decision = Allowed | Deferred | Denied;

interface DecisionClass extends Function {
  readonly prototype: Decision;
  [Symbol.hasInstance](value: unknown): value is Decision;
  /** Reads an answer back from its canonical text. */
  fromJson(text: string): Decision;
}
export declare const Decision: DecisionClass;

/** The outcome alone, and of a deferral its instant. */
export type Verdict =
  | { readonly outcome: 'allow'; readonly allowed: true; readonly until?: undefined }
  | { readonly outcome: 'defer'; readonly allowed: false; readonly until: string }
  | { readonly outcome: 'deny'; readonly allowed: false; readonly until?: undefined };

interface VerdictClass extends Function {
  readonly prototype: Verdict;
  [Symbol.hasInstance](value: unknown): value is Verdict;
}
export declare const Verdict: VerdictClass;

interface PlannedParts {
  readonly name: string;
  /** The person's own rank for it, 1 first. */
  readonly preference?: number;
  readonly valid_until?: string;
  /** The kinds of reasons that block, each once. */
  readonly kinds: readonly ReasonKind[];
  /** The rules that block. */
  readonly rules: readonly string[];
  readonly missing: readonly string[];
  readonly warnings: readonly DecisionWarning[];
}

/** What one option of a plan would get. */
export type Planned =
  | (PlannedParts & {
      readonly outcome: 'allow';
      readonly allowed: true;
      readonly until?: undefined;
      readonly until_local?: undefined;
    })
  | (PlannedParts & {
      readonly outcome: 'defer';
      readonly allowed: false;
      readonly until: string;
      readonly until_local?: string;
    })
  | (PlannedParts & {
      readonly outcome: 'deny';
      readonly allowed: false;
      readonly until?: undefined;
      readonly until_local?: undefined;
    });

interface PlannedClass extends Function {
  readonly prototype: Planned;
  [Symbol.hasInstance](value: unknown): value is Planned;
}
export declare const Planned: PlannedClass;

/** The options of a plan: those that are open first, in the person's order of preference. */
export declare class Plan implements Answer {
  private constructor();
  readonly options: readonly Planned[];
  json(): string;
  toJSON(): { [key: string]: Json };
}

/** A condition and its answer: `differs` where the recipient's candidate zones disagree. */
export interface Asked {
  readonly clause: string;
  readonly text: string;
  readonly answer: 'true' | 'false' | 'unknown' | 'differs';
  readonly missing: readonly string[];
  readonly parts: readonly Asked[];
}

/** An exemption as it was asked. */
export interface ExemptionExplained {
  readonly id: string;
  readonly finding: Finding;
  readonly citations: readonly string[];
  readonly conditions: readonly Asked[];
}

/** One rule, as it was asked. */
export interface RuleExplained {
  readonly rule: string;
  readonly pack: string;
  readonly doc?: string;
  readonly finding: Finding;
  readonly sentence: string;
  readonly citations: readonly string[];
  readonly verified?: Verified;
  /** First day in force, `1992-12-20`. */
  readonly since?: string;
  /** Last day in force. */
  readonly until?: string;
  readonly conditions: readonly Asked[];
  readonly exemptions: readonly ExemptionExplained[];
  readonly looked_at: readonly LookedAt[];
}

/** An act by which the person said no: the rules that it breaks, and those that block for it as well. */
export interface RefusalExplained {
  readonly refusal: Refusal;
  readonly breaks: readonly string[];
  readonly also: readonly string[];
}

/** Why the decision is what it is, rule by rule. */
export declare class Explanation implements Answer {
  private constructor();
  readonly decision: Decision;
  readonly rules: readonly RuleExplained[];
  readonly not_applicable: readonly string[];
  /** Each act by which the person said no, newest first, with the rules that block for it. */
  readonly refusals: readonly RefusalExplained[];
  json(): string;
  toJSON(): { [key: string]: Json };
}

// ------------------------------------------------------------------------------------------------------------- replies

/** What a reply means: `ask` is for somebody to look at, while what is due is held. */
export type ReplyKind = 'revoke' | 'ask' | 'help' | 'opt_in' | 'ignore';

/** Words in a message: `[...message].slice(start, end).join('')`, for places are counted in Unicode code points. */
export interface ReplyWords {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The declaration that names them. */
  readonly rule: string;
  /** As it names them. */
  readonly phrase: string;
  /** Whether the person slipped. */
  readonly slip?: boolean;
}

/** Words that do not count, and the words around them that take their meaning away. */
export interface SetAside {
  readonly words: ReplyWords;
  readonly because_of: string;
}

/** A declaration that decided, or an exemption that carries a confirmation. */
export interface ReplyRule {
  readonly rule: string;
  readonly pack: string;
  readonly sentence?: string;
  readonly citations: readonly string[];
  readonly verified?: 'text' | 'secondary' | 'unverified';
}

/** An event as a request's `consents` holds it; what it does not name is open. */
export interface ConsentEvent {
  readonly kind: 'revoke' | 'grant';
  readonly id: string;
  readonly at: string;
  readonly level?: string;
  readonly means?: string;
  readonly by?: string;
  readonly replied_to?: string;
  readonly scope?: {
    readonly channel?: readonly string[];
    readonly purpose?: readonly string[];
    readonly topic?: readonly string[];
    readonly sender?: readonly string[];
    readonly address?: readonly string[];
    readonly matter?: readonly string[];
  };
}

/** The one message that may say that a revocation was heard: of one purpose, and no other. */
export interface Confirmation {
  readonly allowed: boolean;
  /** The first instant at which it may no longer go out. */
  readonly until?: string;
  readonly purpose: string;
  /** What its `responds_to` names. */
  readonly responds_to: string;
  /** Content elements that it may have besides. */
  readonly may_ask: readonly string[];
  readonly obligations: readonly Obligation[];
  readonly exemptions: readonly ReplyRule[];
  /** The rules that block it. */
  readonly rules: readonly string[];
  readonly missing: readonly string[];
}

/** What somebody's answer means, and what follows from it. */
export declare class Interpretation implements Answer {
  private constructor();
  readonly kind: ReplyKind;
  /** The words that decided it. */
  readonly words: readonly ReplyWords[];
  readonly set_aside: readonly SetAside[];
  readonly rules: readonly ReplyRule[];
  /** Whether it was longer than what is judged. */
  readonly cut: boolean;
  /** Of an opting in: what it is worth at most. */
  readonly level?: string;
  /** What to add to `consents`. */
  readonly events: readonly ConsentEvent[];
  /** The last day on which a revocation may be put into effect. */
  readonly honor_by?: string;
  readonly obligations: readonly Obligation[];
  readonly confirmation?: Confirmation;
  /** What the context does not say. */
  readonly missing: readonly string[];
  json(): string;
  toJSON(): { [key: string]: Json };
}

/** What is told beside a message. */
export interface ReplyOptions<R extends object = object | Readonly<Record<string, unknown>>> {
  /** The person's language, where it is known: `en`, `es-MX`. */
  readonly language?: string | null | undefined;
  /** A request for the contact that was answered, at the instant of the reply. */
  readonly context?: Request<R> | null | undefined;
}

// -------------------------------------------------------------------------------------------------------------- policy

/** A point of law that is contested: its cautious reading, and what else may be chosen. */
export interface SettingInfo {
  readonly name: string;
  readonly default: string;
  readonly readings: readonly string[];
  readonly citations: readonly string[];
  readonly because?: string;
}

/** A pack that an engine was built from. */
export interface PackInfo {
  readonly name: string;
  readonly title: string;
  readonly edition: string;
  /** Day of the last review. */
  readonly reviewed?: string;
  readonly sources: readonly string[];
  readonly uses: readonly string[];
  /** SHA-256 of its text, in hex. */
  readonly digest: string;
  readonly rules: readonly string[];
  readonly settings: readonly SettingInfo[];
}

/** A line and a column, both counted from 1; the column counts characters. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** A place in policy. */
export interface Place {
  readonly source: string;
  readonly start: LineColumn;
  readonly end: LineColumn;
}

/** A further place with its words. */
export interface Label {
  readonly at: Place;
  readonly text: string;
}

/** One thing that an author of policy should know. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly at: Place;
  readonly labels: readonly Label[];
  readonly hint?: string;
}

/** What to load. With nothing named, every pack that comes with Byleave. */
export interface Wanted {
  /** Packs that come with Byleave, by name. */
  readonly packs?: string | Iterable<string> | undefined;
  /** Files and folders: paths, or `file:` URLs. */
  readonly paths?: string | URL | Iterable<string | URL> | undefined;
  /** A text, or names with their texts; what stands before the last `/` of a name is its pack. */
  readonly texts?:
    | string
    | Uint8Array
    | Readonly<Record<string, string | Uint8Array>>
    | ReadonlyMap<string, string | Uint8Array>
    | undefined;
}

/** What is admitted of a request. Limits may be lowered, never raised. */
export interface Limits {
  readonly request_bytes?: number | undefined;
  readonly depth?: number | undefined;
  readonly text_bytes?: number | undefined;
  readonly events?: number | undefined;
  readonly members?: number | undefined;
  readonly horizon_days?: number | undefined;
}

/** What to load, and the limits on requests. */
export interface PolicyOptions extends Wanted {
  readonly limits?: Limits | undefined;
  readonly compiled?: undefined;
}

/** The bytes of `byleave compile`, or of {@link Engine.compile}: they stand alone, and bring limits and time zones along. */
export interface CompiledOptions {
  readonly compiled: Uint8Array | ArrayBuffer;
}

/** What an engine is built from. */
export type EngineOptions = PolicyOptions | CompiledOptions;

// -------------------------------------------------------------------------------------------------------------- engine

/** A request's facts, checked and indexed once, frozen at their instant, for one engine. */
export declare class Facts {
  private constructor();
  #private;
  /** The instant that they are frozen at, in UTC. */
  get at(): string;
  /** Gives their memory back now, and not when nobody holds them any more. They cannot be asked afterwards. */
  free(): void;
}

/** Compiled packs: immutable, usable after an error as before it. Build it once and use it often. */
export declare class Engine {
  #private;
  /** Compiles packs, or loads them as they were compiled. */
  constructor(options?: EngineOptions);
  /** Decides one contact. */
  decide<R extends object>(request: Request<R>, options?: Instant | DecideOptions): Decision;
  /** Decides many, in order; ends at the first that is refused, unless errors are wanted in their places. */
  decideMany<R extends object>(
    requests: Iterable<Request<R>>,
    options?: Instant | DecideManyOptions<false>,
  ): Decision[];
  decideMany<R extends object>(
    requests: Iterable<Request<R>>,
    options: DecideManyOptions,
  ): (Decision | ByleaveError)[];
  /**
   * The same while the event loop goes on: in a pool of threads, where there is one. What is at hand is read before the call returns,
   * and may be changed after it; of a stream each is read when it comes, and the next is not asked for before.
   */
  decideManyAsync<R extends object>(
    requests: Iterable<Request<R>> | AsyncIterable<Request<R>>,
    options?: Instant | DecideManyOptions<false>,
  ): Promise<Decision[]>;
  decideManyAsync<R extends object>(
    requests: Iterable<Request<R>> | AsyncIterable<Request<R>>,
    options: DecideManyOptions,
  ): Promise<(Decision | ByleaveError)[]>;
  /** Of several ways to make one contact (`options` in the request), those that are open, best first. */
  plan<R extends object>(request: Request<R>, options?: Instant | ExplainOptions): Plan;
  /** Why the decision is what it is, rule by rule. */
  explain<R extends object>(request: Request<R>, options?: Instant | ExplainOptions): Explanation;
  /** What somebody's answer means, by the words that the packs declare. */
  interpretReply<R extends object>(message: string, options?: ReplyOptions<R>): Interpretation;
  /** Checks a request's facts and indexes them, for deciding them more than once. */
  facts<R extends object>(request: Request<R>, options?: Instant | DecideOptions): Facts;
  /** The outcome of prepared facts alone: the fast path. */
  verdict(facts: Facts): Verdict;
  /** Decides prepared facts. */
  decideFacts(facts: Facts): Decision;
  /** The packs, the limits and time zones of these names as bytes, for engines that load them: `'all'`, which these must know. */
  compile(zones: 'all' | Iterable<string>): Uint8Array;
  /** The packs it was built from. */
  packs(): readonly PackInfo[];
  /** What the checker warned of. */
  get warnings(): readonly Diagnostic[];
  /** The JSON Schema of requests in the words of these packs, or of decisions. */
  schema(of?: 'request' | 'decision'): { [key: string]: Json };
  /** Gives its memory back now, and not when nobody holds it any more. It cannot be asked afterwards. */
  free(): void;
}

/** Looks for mistakes in policy; it never fails because of them. */
export declare function check(options?: Wanted): readonly Diagnostic[];

/** What is known of where a person is; each part may be missing. */
export interface KnownPlace {
  /** The number to be called or texted, as it is on file. */
  readonly phone?: string | null | undefined;
  /** The state of the postal address on file: `FL`, `US-FL` or `Florida`. */
  readonly state?: string | null | undefined;
  /** A place that the person, or the person's device, has confirmed, and when. */
  readonly confirmed?:
    | {
        readonly state?: string | null | undefined;
        readonly time_zone?: string | null | undefined;
        readonly on?: Instant | null | undefined;
      }
    | null
    | undefined;
  /** When the contact is to be. Without it nothing counts as confirmed. */
  readonly at?: Instant | null | undefined;
}

/** Where a person may be. */
export interface Located {
  /** Facts that lie over a request; what is unknown is left out. */
  readonly facts: {
    readonly person?: { readonly time_zones?: readonly string[]; readonly jurisdictions?: readonly string[] };
    readonly address?: { readonly jurisdictions: readonly string[] };
  };
  /** The zone, where a confirmed place settles on one. */
  readonly confirmed_zone: string | null;
  /** Whether the person's jurisdictions are presumed from the area code. */
  readonly presumed: boolean;
  /** The number as E.164 has it, if it is one. */
  readonly number: string | null;
  /** What each part of what is known came to. */
  readonly because: readonly { readonly of: string; readonly kind: string; readonly sentence: string }[];
}

/** Candidate time zones and jurisdictions, by a number, a postal state and a confirmed place. */
export declare function locate(known: KnownPlace): Located;

/** The names of the packs that come with Byleave. */
export declare function packs(): readonly string[];

/** Version of the engine. */
export declare const version: string;

// -------------------------------------------------------------------------------------------------------------- errors

/** What went wrong: its kind, the path into what was sent, one sentence, and what to write instead. */
export declare abstract class ByleaveError extends Error {
  abstract readonly kind: 'input' | 'policy' | 'limit' | 'internal' | LedgerErrorKind;
  /** Where in what was sent: `consents[3].scope.purpose`. Absent when it is the whole of it. */
  readonly path?: string;
  /** The second place, when two places contradict each other. */
  readonly other_path?: string;
  /** What to write instead. */
  readonly hint?: string;
  /** The error as every binding writes it. */
  json(): string;
  toJSON(): { [key: string]: Json | undefined };
}

/** The request, or an argument, is not what the contract asks for. */
export declare class InputError extends ByleaveError {
  private constructor();
  readonly kind: 'input';
}

/** More than is admitted: a size, a count, a depth. */
export declare class LimitError extends ByleaveError {
  private constructor();
  readonly kind: 'limit';
}

/** The engine contradicts itself. Please report it. */
export declare class InternalError extends ByleaveError {
  private constructor();
  readonly kind: 'internal';
}

/** The policy does not check. */
export declare class PolicyError extends ByleaveError {
  private constructor();
  readonly kind: 'policy';
  /** Everything that is wrong with the policy, warnings included. */
  readonly diagnostics: readonly Diagnostic[];
  /** The same, a line each. */
  readonly lines: readonly string[];
}
