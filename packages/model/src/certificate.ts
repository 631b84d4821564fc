import type { Cloid } from "./cloid.ts";
import type { Coin, Oid } from "./ids.ts";

/** Why the venue was looked at as a whole. */
export type SurveyCause = "start" | "reconnect" | "overflow" | "retry" | "continuous" | "command";

/** What was asked of one kind, and what came of it. */
export type AskedReads = {
  readonly query: "openOrders" | "orderStatus" | "positions" | "fills";
  readonly asked: number;
  readonly answered: number;
  readonly failed: number;
};

/** The fills of a span of venue time, both ends ms. Incomplete: rows may be missing, `why` says of what. */
export type FillWindow = {
  readonly fromMs: number;
  /** The venue's hour when the read began. */
  readonly untilMs: number;
  readonly pages?: number;
  readonly rows: number;
  readonly complete: boolean;
  readonly why?: string;
};

/** What a look at the venue leaves open. */
export type Unresolved =
  /** A read failed, or was not made because another had failed: it says nothing. */
  | { readonly kind: "read"; readonly query: AskedReads["query"]; readonly why: string }
  /** Believed live, neither open nor known at the venue: it counts as live until that is proved. */
  | { readonly kind: "order"; readonly cloid: Cloid; readonly oid?: Oid }
  /** Fills may be missing from this time on, venue ms. */
  | { readonly kind: "fills"; readonly fromMs: number; readonly why: string }
  /** Base units. */
  | {
      readonly kind: "position";
      readonly coin: Coin;
      readonly ours: string;
      readonly theirs: string;
    }
  /** The positions that the fills state before themselves do not join. */
  | { readonly kind: "chain"; readonly coin: Coin; readonly gaps: number }
  /** A place or modify of which nobody knows yet what became of it, in words. */
  | { readonly kind: "doubt"; readonly request: string }
  /** The look itself was called off. */
  | { readonly kind: "abandoned"; readonly why: string };

/**
 * What a look at the venue is worth: what was asked, over which windows, what failed, what stays unresolved.
 * JSON-safe.
 */
export type Certificate = {
  /** Numbers the looks of an engine. */
  readonly id: number;
  readonly cause: SurveyCause;
  /** Wall time, Unix ms. */
  readonly begunAtMs: number;
  readonly endedAtMs: number;
  /** Every read was answered and no window was cut. */
  readonly complete: boolean;
  readonly asked: readonly AskedReads[];
  readonly windows: readonly FillWindow[];
  /** What the reads told that the streams had not. */
  readonly found: {
    /** Legs of our orders that were news. */
    readonly legs: number;
    readonly fills: number;
    /** Ours by mark, in nobody's book until now. */
    readonly adopted: readonly Cloid[];
    /** Open orders of others on the account. */
    readonly strangers: number;
    /** Believed live and not listed: each was asked about. */
    readonly missing: number;
  };
  /** Private events that were held back and applied afterwards. */
  readonly buffered: number;
  /** At most a hundred by name; `unresolvedCount` counts all. */
  readonly unresolved: readonly Unresolved[];
  readonly unresolvedCount: number;
};
