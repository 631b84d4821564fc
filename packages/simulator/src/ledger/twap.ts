import { type Address, type Decimal, divideCut, ONE } from "@cloister/model";
import type { WireFill } from "../market/fill.ts";
import type { Asset } from "../market/universe.ts";
import { printDecimal, sideLetter } from "../print.ts";

/** What a TWAP asks for (protocol §6: a large order in slices). */
export type TwapTerms = {
  readonly asset: Asset;
  readonly isBuy: boolean;
  /** Base size of all slices together. */
  readonly size: Decimal;
  readonly reduceOnly: boolean;
  readonly minutes: number;
  readonly randomize: boolean;
};

/** What became of it last; "activated" while it runs. */
export type TwapStatus =
  | { readonly status: "activated" | "finished" | "terminated" }
  | { readonly status: "error"; readonly description: string };

export type TwapChange = {
  readonly atMs: number;
  /** Its state at that moment, as the wire shows it. */
  readonly state: object;
  readonly status: TwapStatus;
};

/** One TWAP of an account, running or ended. */
export type Twap = {
  readonly id: number;
  readonly owner: Address;
  readonly terms: TwapTerms;
  readonly startedAtMs: number;
  /** Slices sent so far, filled or not. */
  slices: number;
  executedSize: Decimal;
  executedValue: Decimal;
  readonly fills: WireFill[];
  readonly changes: TwapChange[];
  running: boolean;
};

/** The state of a TWAP as reads and channels show it. */
export function twapState(twap: Twap): object {
  const { terms } = twap;
  return {
    coin: terms.asset.coin,
    user: twap.owner,
    side: sideLetter(terms.isBuy),
    sz: printDecimal(terms.size),
    executedSz: printDecimal(twap.executedSize),
    executedNtl: printDecimal(divideCut(twap.executedValue, ONE, 6)),
    minutes: terms.minutes,
    reduceOnly: terms.reduceOnly,
    randomize: terms.randomize,
    timestamp: twap.startedAtMs,
  };
}

/** Rows of `twapHistory`, newest first; their time is in seconds. */
export function twapRows(
  twaps: readonly Twap[],
): { readonly atMs: number; readonly row: object }[] {
  const rows = twaps.flatMap((twap) =>
    twap.changes.map((change) => ({ atMs: change.atMs, row: twapRow(twap, change) })),
  );
  return rows.reverse().sort((a, b) => b.atMs - a.atMs);
}

export function twapRow(twap: Twap, change: TwapChange): object {
  return {
    time: Math.floor(change.atMs / 1_000),
    state: change.state,
    status: change.status,
    twapId: twap.id,
  };
}
