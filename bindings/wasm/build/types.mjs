// The types of this package: those of Node's, but for what a browser has not, and what only this package has.

/** Takes a passage out, or puts another in its place; the passage must be there. */
function change(text, from, to = '') {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`the types of bindings/node no longer say once: ${String(from)}`);
  return parts.join(to);
}

const PATHS = `  /** Files and folders: paths, or \`file:\` URLs. */
  readonly paths?: string | URL | Iterable<string | URL> | undefined;
`;

/** What of the ledger stands among the rest; only one build has it. */
const LEDGER = [`import type { LedgerErrorKind } from './ledger.js';
export * from './ledger.js';

`, ' | LedgerErrorKind'];

const INIT = `
// ------------------------------------------------------------------------------------------------------------- loading

/** What this host has under a name of the platform's; nothing where its types know none. */
type Platform<Name extends string> = typeof globalThis extends { [It in Name]: { prototype: infer Instance } } ? Instance : never;

/** The same, of what stands in \`WebAssembly\`. */
type Compiled = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Instance } } } ? Instance : never;

/** Where the engine is: its address, a response, its bytes, or compiled already. */
export type Source =
  | string | Platform<'URL'> | Platform<'Request'> | Platform<'Response'> | ArrayBuffer | ArrayBufferView | Compiled;

/**
 * Loads the engine, before all else; from beside the package's own files, if no place is given. It may be called again. In Node the
 * engine is there at once.
 */
export declare function init(source?: Source | Promise<Source>): Promise<void>;
`;

/** What only the whole build has: it is asked where policy is written, and where answers are kept. */
const WHOLE = [
  `  /** Reads an answer back from its canonical text. */
  fromJson(text: string): Decision;
`,
  `  /** The packs, the limits and time zones of these names as bytes, for engines that load them: \`'all'\`, which these must know. */
  compile(zones: 'all' | Iterable<string>): Uint8Array;
`,
  `  /** What somebody's answer means, by the words that the packs declare. */
  interpretReply<R extends object>(message: string, options?: ReplyOptions<R>): Interpretation;
`,
  `  /** The JSON Schema of requests in the words of these packs, or of decisions. */
  schema(of?: 'request' | 'decision'): { [key: string]: Json };
`,
];

/** Between two passages, the first of them included. */
function between(text, from, to) {
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`the types of bindings/node no longer have ${from} before ${to}`);
  return text.slice(start, end);
}

/** What a browser's ledger is: in memory. */
const MEMORY = [
  [`/**
 * Consent, kept and proven: a {@link Ledger} keeps who agreed to what, when, to which words, in a file or in a database, and`,
  `/**
 * Consent, kept and proven: a {@link Ledger} keeps who agreed to what, when, to which words, in memory, and`],
  [` * A ledger: a file, which is made when there is none; \`:memory:\` ends with the process; \`postgres://…\` is a database, where the addon
 * was built for it. Calls wait for the disk, and for one another; after an error it goes on working.`,
  ` * A ledger in memory, which ends with the page: what {@link Ledger.save} writes is the host's to keep. After an error it goes on
 * working.`],
  ['  constructor(place: string | URL, options?: LedgerOptions);', "  constructor(place?: ':memory:', options?: LedgerOptions);"],
  [`import type { DecideOptions, Decision, Engine, Instant, Json, Request } from './index.js';
import { ByleaveError } from './index.js';

`, ''],
  ['  /** Lets go of the file or the connection. Closed twice is closed once. */', '  /** Lets go of it. Closed twice is closed once. */'],
];

/** The types of all builds, from Node's. */
export function types(node, ledger) {
  const whole = `${[PATHS, ...LEDGER].reduce((text, passage) => change(text, passage), node)}${INIT}`;
  // The tables of `locate` are left to the whole build.
  let small = change(whole, between(whole, '/** What is known of where a person is', '/** The names of the packs that come with Byleave'));
  small = change(small, between(small, '/** Looks for mistakes', '/** Version of the engine'));
  small = change(small, between(small, '/** What to load. With nothing named', '/** The bytes of `byleave compile`'));
  small = change(small, '/** What an engine is built from. */\nexport type EngineOptions = PolicyOptions | CompiledOptions;\n');
  small = change(small, '/** Compiles packs, or loads them as they were compiled. */\n  constructor(options?: EngineOptions);',
    '/** Loads packs that were compiled. */\n  constructor(options: CompiledOptions);');
  small = change(small, between(small, '// ------------------------------------------------------------------------------------------------------------- replies', '// -------------------------------------------------------------------------------------------------------------- policy'));
  for (const passage of WHOLE) small = change(small, passage);
  small = change(small, '`byleave compile`, or of {@link Engine.compile}', '`byleave compile`, or of `engine.compile` of the whole build');
  // Where it is not, no error of it is either; where it is, both stand in one file.
  const kept = MEMORY.reduce((text, passage) => change(text, ...passage), ledger)
    .replaceAll("The same in Node's pool of threads.", 'The same once the page has had its turn.');
  const [about, rest] = [kept.slice(0, kept.indexOf('*/') + 2), kept.slice(kept.indexOf('*/') + 2)];
  const [mine, there] = ["'input' | 'policy' | 'limit' | 'internal'", "'input' | 'policy' | 'limit' | 'internal' | LedgerErrorKind"];
  const both = `${change(small, mine, there)}
// -------------------------------------------------------------------------------------------------------------- ledger

${about}
${rest.trimStart()}`;
  return { index: whole, evaluator: small, ledger: both };
}
