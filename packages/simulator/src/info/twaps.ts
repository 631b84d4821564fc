import { readFlag } from "../json.ts";
import type { Account } from "../ledger/account.ts";
import { type Twap, twapRows, twapState } from "../ledger/twap.ts";
import type { WireFill } from "../market/fill.ts";
import { forUser, MALFORMED, value } from "./answer.ts";
import { readWindow } from "./window.ts";

const ROWS_MAX = 2_000;

/** What became of each TWAP, newest first. */
export const twapHistory = forUser((_core, { account }) => value(twapHistoryRows(account)));

/** Fills of TWAP slices, newest first. */
export const userTwapSliceFills = forUser((_core, { account }) =>
  value(sliceFills(account).slice(-ROWS_MAX).reverse()),
);

/** The oldest of a window, oldest first. */
export const userTwapSliceFillsByTime = forUser((core, { account, request }) => {
  const window = readWindow(request, core.blockMs());
  if (window === undefined || readFlag(request["aggregateByTime"]) === undefined) return MALFORMED;
  const rows = sliceFills(account).filter(
    ({ fill }) => fill.time >= window.startMs && fill.time <= window.endMs,
  );
  return value(rows.slice(0, ROWS_MAX));
});

export function twapHistoryRows(account: Account | undefined): object[] {
  return twapRows(account?.twaps ?? [])
    .slice(0, ROWS_MAX)
    .map(({ row }) => row);
}

/** Oldest first. */
export function sliceFills(account: Account | undefined): { fill: WireFill; twapId: number }[] {
  return (account?.twaps ?? [])
    .flatMap(({ id, fills }) => fills.map((fill) => ({ fill, twapId: id })))
    .sort((a, b) => a.fill.time - b.fill.time);
}

/** The TWAPs that run, by id; those of a dex only where one is named. */
export function runningTwaps(account: Account | undefined, dex?: string): [number, object][] {
  const ofDex = ({ terms }: Twap): boolean => dex === undefined || terms.asset.market.dex === dex;
  return (account?.twaps ?? [])
    .filter((twap) => twap.running && ofDex(twap))
    .map((twap) => [twap.id, twapState(twap)]);
}
