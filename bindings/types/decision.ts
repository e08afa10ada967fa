// Written by generate.mjs from the engine's schema; not by hand.

export type Decision = {
  readonly at: Instant;
  readonly evidence?: Evidence;
  readonly fields?: {
    readonly allowed: readonly (string)[];
    readonly withheld: readonly (Withheld)[];
  };
  readonly missing?: readonly (string)[];
  readonly obligations?: readonly (Obligation)[];
  readonly outcome: "allow" | "defer" | "deny";
  readonly reasons?: readonly (Reason)[];
  readonly taken_as?: readonly (TakenAs)[];
  /** Of a deferral: the first instant that allows. */
  readonly until?: Instant;
  /** The same with the recipient's offset. */
  readonly until_local?: Instant;
  /** The first instant at which this answer differs; null: none within the horizon. */
  readonly valid_until?: Instant | null;
  readonly warnings?: readonly (Warning)[];
};

export type Clears = {
  readonly at: Instant;
} | {
  readonly never: boolean;
} | {
  readonly not_before: Instant;
};

export type Evidence = {
  readonly engine: string;
  readonly facts: string;
  readonly known_at: Instant;
  readonly packs: readonly (Pack)[];
  readonly settings: { readonly [key: string]: string };
  readonly zones: {
    readonly digest: string;
    readonly edition: string;
  };
};

export type Exemption = {
  readonly citations?: readonly (string)[];
  readonly finding: "not_applicable" | "satisfied" | "exempted" | "undetermined" | "violated";
  readonly id: string;
  readonly lacked?: readonly (string)[];
};

export type Instant = string;

export type LookedAt = {
  readonly fact: string;
  readonly value: string;
};

export type Obligation = {
  readonly citations?: readonly (string)[];
  readonly id: string;
  readonly rule: string;
  readonly unknown?: boolean;
  readonly value?: string;
};

export type Pack = {
  readonly digest: string;
  readonly edition: string;
  readonly name: string;
};

export type Reason = {
  readonly citations?: readonly (string)[];
  readonly clears?: Clears;
  readonly exemptions?: readonly (Exemption)[];
  readonly finding: "not_applicable" | "satisfied" | "exempted" | "undetermined" | "violated";
  readonly kind?: "refused" | "no_basis" | "missing_fact" | "timing" | "too_often" | "content";
  readonly looked_at?: readonly (LookedAt)[];
  readonly missing?: readonly (string)[];
  readonly pack: string;
  readonly refused_by?: readonly (Refusal)[];
  readonly rule: string;
  readonly sentence: string;
  readonly verified?: "text" | "secondary" | "unverified";
  readonly would_change?: readonly (string)[];
};

export type Refusal = {
  readonly at?: string;
  readonly id?: string;
};

export type TakenAs = {
  readonly citations?: readonly (string)[];
  readonly fact: string;
  readonly rule: string;
};

export type Warning = {
  readonly code: string;
  readonly message: string;
  readonly path: string;
};

export type Withheld = {
  readonly name: string;
  readonly rules: readonly (string)[];
};
