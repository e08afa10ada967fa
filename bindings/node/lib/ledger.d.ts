/**
 * Consent, kept and proven: a {@link Ledger} keeps who agreed to what, when, to which words, in a file or in a database, and
 * decisions are made by it and go on record in it. Every instant is an argument.
 *
 * Answers are frozen. A report is an object whatever it says: ask `holds`.
 */

import type { DecideOptions, Decision, Engine, Instant, Json, Request } from './index.js';
import { ByleaveError } from './index.js';

declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/** What an event is told in. */
export type LedgerList =
  | 'consents'
  | 'contacts'
  | 'interactions'
  | 'lists'
  | 'signals'
  | 'preferences'
  | 'decisions'
  | 'voids'
  | 'links';

/** Who told an event. */
export interface Actor {
  readonly kind: 'person' | 'representative' | 'agent' | 'staff' | 'import' | 'system';
  readonly [more: string]: unknown;
}

/** The words that the person was shown, by their digest. */
export interface TextShown {
  /** SHA-256 of the text, in hexadecimal. */
  readonly sha256: string;
  readonly language: string;
}

/** An event as an object; `event` is what a request says in that list. JSON text serves as well. */
export interface LedgerEvent {
  /** The idempotency key: what is told again under it is kept once. */
  readonly key: string;
  readonly person: string;
  readonly list: LedgerList;
  readonly source: string;
  readonly actor: Actor;
  readonly method?: string | undefined;
  readonly recorded_at: Instant;
  readonly text_shown?: TextShown | undefined;
  readonly event: object;
}

/** What became of an event. */
export interface Receipt {
  /** Its number in the ledger. */
  readonly seq: number;
  /** Its number in its person's chain. */
  readonly n: number;
  /** Its link, in hexadecimal: a host's own proof. */
  readonly link: string;
  /** False when it was there already, told in the same words. */
  readonly new: boolean;
}

/** A decision that is kept nowhere. */
export interface Answered {
  readonly decision: Decision;
  readonly receipt?: undefined;
}

/** A decision, and its place in the record. */
export interface Recorded {
  readonly decision: Decision;
  readonly receipt: Receipt;
}

/** A decision by what is known; with `record` it was kept. Ask `decided.decision.allowed`. */
export type Decided = Answered | Recorded;

/** Whom a decision is about, and what lies over the request. */
export interface LedgerDecideOptions extends DecideOptions {
  /** The person, unless the request says `person.id`. */
  readonly person?: string | undefined;
  /** Where the contact goes, unless the request says `address.value`. */
  readonly address?: string | undefined;
  /** When the decision is recorded; without it, it is not. */
  readonly record?: Instant | undefined;
  /** What system asked, for the record. */
  readonly source?: string | undefined;
}

/** How much a ledger holds. */
export interface LedgerSize {
  readonly events: number;
  readonly people: number;
}

/** Which lines are asked for. */
export interface LinesOptions {
  /** About this person alone, under every name by which the person goes. */
  readonly person?: string | undefined;
  /** So many events at most; ten thousand, if nothing is said. */
  readonly most?: number | undefined;
}

/** What another ledger has not been told. */
export interface LedgerLines {
  /** JSON Lines, an event on each, as `byleave ledger append` and {@link Ledger.takeIn} take them. */
  readonly lines: string;
  readonly events: number;
  /** Events that were erased: nothing is told of them. */
  readonly erased: number;
  /** Decisions on record: each rests on the chain in which it stands, and stays there. */
  readonly decisions: number;
  /** How far whoever has these lines has been told: what {@link Ledger.linesSince} is asked for next. `null` of an empty ledger. */
  readonly mark: string | null;
  /** Whether there are more after it. */
  readonly more: boolean;
}

/** A line of another ledger that was refused. */
export interface RefusedLine {
  /** Its number, from 1. */
  readonly line: number;
  readonly kind: 'input' | 'limit' | 'conflict' | 'clock';
  readonly path: string | null;
  readonly message: string;
  readonly hint: string | null;
}

/** What became of another ledger's lines. */
export interface TakenIn {
  readonly new: number;
  /** Events that were there already, told in the same words. */
  readonly there: number;
  /** Lines of what was erased there, and of decisions, which stay in their ledger. */
  readonly passed: number;
  readonly refused: readonly RefusedLine[];
  /** Where this ledger ended before. */
  readonly before: string | null;
  /** Where it ends now. */
  readonly mark: string | null;
}

/** The state of the whole at one number. */
export interface Checkpoint {
  readonly number: number;
  /** How many events it covers. */
  readonly events: number;
  readonly at: string;
  /** Its digest, to be handed out. */
  readonly checkpoint: string;
  /** The public key by which it is signed. */
  readonly signed_by: string | null;
}

/**
 * What whoever verifies knows from elsewhere. What is named must be there: keys that are none (`[]`, `null`, `undefined`) are refused, for
 * a ledger that is held against nothing holds.
 */
export interface Trust {
  /** Public keys by which every checkpoint must be signed. */
  readonly keys?: string | Iterable<string>;
  /** The digest of a checkpoint that was handed out. */
  readonly checkpoint?: string;
}

/** Something that does not hold in a ledger. */
export interface LedgerFinding {
  readonly what:
    | 'deleted'
    | 'changed'
    | 'emptied'
    | 'broken'
    | 'out_of_order'
    | 'clock'
    | 'unfindable'
    | 'store'
    | 'contradicts'
    | 'nobody'
    | 'head'
    | 'checkpoint'
    | 'tree'
    | 'packs'
    | 'signature'
    | 'unknown';
  /** At which event, by its number in the ledger. */
  readonly event: number | null;
  /** In whose chain: the store's number of the person. */
  readonly person: number | null;
  readonly sentence: string;
}

interface LedgerReportParts {
  readonly events: number;
  readonly people: number;
  readonly checkpoints: number;
  /** The last event that a checkpoint covers: what came later is held by its chains alone. */
  readonly covered: number;
}

/** Whether a ledger holds. */
export type LedgerReport =
  | (LedgerReportParts & { readonly holds: true; readonly findings: readonly [] })
  | (LedgerReportParts & { readonly holds: false; readonly findings: readonly [LedgerFinding, ...LedgerFinding[]] });

/** What a decision came to when it was asked again. */
export interface Replayed {
  /** The number of its event in the person's chain. */
  readonly n: number;
  /** The number of its event in the ledger. */
  readonly event: number;
  readonly replay: 'same' | 'other_engine' | 'differs' | 'impossible';
  readonly more: readonly string[];
}

/** Something that does not hold in a bundle. */
export interface BundleFinding {
  readonly what:
    | 'changed'
    | 'emptied'
    | 'broken'
    | 'out_of_order'
    | 'contradicts'
    | 'person'
    | 'checkpoint'
    | 'signature'
    | 'unknown'
    | 'proof'
    | 'packs'
    | 'facts'
    | 'replay'
    | 'other'
    | 'text';
  readonly place: string;
  readonly sentence: string;
}

interface BundleReportParts {
  /** The person, as the host named them; `null` once erased. */
  readonly person: string | null;
  readonly events: number;
  readonly erased: number;
  /** So many events, from the first, lie under a checkpoint. */
  readonly covered: number;
  readonly checkpoints: number;
  /** The public keys by which they are signed. */
  readonly signers: readonly string[];
  readonly decisions: readonly Replayed[];
  /** What holds, and is not shown by it. */
  readonly not_shown: readonly string[];
}

/** Whether a bundle holds. */
export type BundleReport =
  | (BundleReportParts & { readonly holds: true; readonly findings: readonly [] })
  | (BundleReportParts & { readonly holds: false; readonly findings: readonly [BundleFinding, ...BundleFinding[]] });

/** A lawful erasure: the words go, the chain stays whole, and whoever was erased stays left alone. */
export interface Erasure {
  /** The ground: the law, and whose request. */
  readonly why: string;
  /** Who did it. */
  readonly by: string;
  readonly at: Instant;
  /** Addresses of the person besides those that the events name. */
  readonly addresses?: string | readonly string[] | undefined;
}

/** What goes into a bundle besides. */
export interface ExportOptions {
  /** Texts that the person was shown; those that an event names by their digest go in. */
  readonly texts?: Iterable<string | Uint8Array> | undefined;
  /** Whether the words of others' refusals are opened, too. */
  readonly openOthers?: boolean | undefined;
}

/** How a ledger is opened. */
export interface LedgerOptions {
  readonly readOnly?: boolean | undefined;
  /** What {@link Ledger.save} has written: a ledger in memory is made of it again. */
  readonly saved?: string | null | undefined;
}

/**
 * A ledger: a file, which is made when there is none; `:memory:` ends with the process; `postgres://…` is a database, where the addon
 * was built for it. Calls wait for the disk, and for one another; after an error it goes on working.
 */
export declare class Ledger {
  #private;
  constructor(place: string | URL, options?: LedgerOptions);
  /** Appends events in order: all of them, or none. What is told again in the same words changes nothing. */
  append(events: Iterable<LedgerEvent | string | Uint8Array>): readonly Receipt[];
  /** The same in Node's pool of threads. */
  appendAsync(events: Iterable<LedgerEvent | string | Uint8Array>): Promise<readonly Receipt[]>;
  /** Decides one contact with what is known of the person laid under the request; with `record`, the decision is kept. */
  decide<R extends object>(
    engine: Engine,
    request: Request<R>,
    options: LedgerDecideOptions & { readonly record: Instant },
  ): Recorded;
  decide<R extends object>(
    engine: Engine,
    request: Request<R>,
    options?: Instant | (LedgerDecideOptions & { readonly record?: undefined }),
  ): Answered;
  decide<R extends object>(engine: Engine, request: Request<R>, options?: Instant | LedgerDecideOptions): Decided;
  /** What is known of a person, as a request says it. */
  facts(
    person: string,
    known_at: Instant,
    options?: { readonly address?: string | undefined },
  ): { [key: string]: Json };
  /** Says since when the ledger holds every event of a list, whoever it is about; without an instant it always has. */
  keeps(list: LedgerList, since?: Instant): void;
  /** Makes a checkpoint of all events up to now, signed if a key is given; a key that is named and none is refused. */
  checkpoint(at: Instant, options?: { readonly key?: string }): Checkpoint;
  /** Holds every event against its chain, and every checkpoint against the events. */
  verify(trust?: Trust): LedgerReport;
  /** The same in Node's pool of threads. */
  verifyAsync(trust?: Trust): Promise<LedgerReport>;
  /** Erases what was said about a person, and gives how many events that were. */
  erase(person: string, erasure: Erasure): number;
  /** What is held about one person, as the text of a bundle that proves itself elsewhere. */
  export(person: string, at: Instant, options?: ExportOptions): string;
  /** The same in Node's pool of threads. */
  exportAsync(person: string, at: Instant, options?: ExportOptions): Promise<string>;
  /** What another ledger has not been told: the events after a mark; all, without one. */
  linesSince(since?: string | null, options?: LinesOptions): LedgerLines;
  /** The same in Node's pool of threads. */
  linesSinceAsync(since?: string | null, options?: LinesOptions): Promise<LedgerLines>;
  /**
   * Takes in the lines of another ledger, each recorded at `at`, when this one learns of it. A line that is refused stops nothing;
   * all that is taken is kept together.
   */
  takeIn(lines: string | Uint8Array, at: Instant): TakenIn;
  /** The same in Node's pool of threads. */
  takeInAsync(lines: string | Uint8Array, at: Instant): Promise<TakenIn>;
  /**
   * The whole of it as text, from which the same ledger is made again, every link and checkpoint as it was. It holds everything about
   * everybody. After an erasure an older text still has the words: it is written over, or thrown away.
   */
  save(): string;
  /** How many events and people there are. */
  size(): LedgerSize;
  /** Lets go of the file or the connection. Closed twice is closed once. */
  close(): void;
  [Symbol.dispose](): void;
}

/** Says what of a bundle holds, where there is no ledger. */
export declare function verifyBundle(bundle: string | Uint8Array, trust?: Trust): BundleReport;

/** A new key that signs checkpoints: its 32 secret bytes in hexadecimal, to be kept where the ledger is not. */
export declare function generateKey(): string;

/** What others verify by. */
export declare function publicKey(key: string): string;

/** Why a ledger cannot do it. */
export type LedgerErrorKind =
  /** The same key came with other words, or the request and the ledger say different things. */
  | 'conflict'
  /** The instant lies before what was recorded last. */
  | 'clock'
  /** Another process writes: try again. */
  | 'locked'
  /** It cannot be opened, or not be written. */
  | 'read_only'
  /** There is no room left. */
  | 'full'
  /** What is stored is not what was stored: `verify` says where. */
  | 'damaged'
  /** The server cannot be reached, or the connection broke. */
  | 'connection'
  /** The store failed otherwise, or it is no ledger. */
  | 'storage';

/** The ledger cannot do it, though the words may be right. Nothing of the call is kept. */
export declare class LedgerError extends ByleaveError {
  private constructor();
  readonly kind: LedgerErrorKind;
}
