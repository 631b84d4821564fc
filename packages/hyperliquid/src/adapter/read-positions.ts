import type { Address, Coin, Position, Report } from "@cloister/model";
import type { ClearinghouseState, SpotBalance, SpotMeta } from "../codec/info.ts";
import { askAll } from "./ask-all.ts";
import type { AskInfo } from "./ask-info.ts";
import { brokenRead, failedRead, type ReadOutcome } from "./read-outcome.ts";

export type PositionsOf = {
  readonly account: Address;
  readonly dexes: readonly string[];
  /** The pairs whose base balances count as positions; none when spot is not traded. */
  readonly spotPairs: readonly SpotPair[];
};

export type SpotPair = { readonly coin: Coin; readonly token: string };

type Positions = Extract<Report, { readonly kind: "positions" }>;

/**
 * Positions of every configured dex, each at its dex's own hour, and the spot balances, which have none.
 * `at` is the earliest hour: a fill after it may be in, a fill before it is.
 */
export function readPositions(
  ask: AskInfo,
  of: PositionsOf,
  done: (outcome: ReadOutcome) => void,
): void {
  const requests = of.dexes.map((dex) => ({
    type: "clearinghouseState" as const,
    user: of.account,
    dex,
  }));
  askAll(ask, requests, (states) => {
    if (states.kind === "failed") {
      done(failedRead("clearinghouseState", states));
      return;
    }
    const perps = positionsOf(of.dexes, states.values);
    if (of.spotPairs.length === 0) {
      done({ result: { report: perps }, remarks: [], raw: states.raw });
      return;
    }
    ask({ type: "spotClearinghouseState", user: of.account }, (spot) => {
      if (spot.kind === "failed") {
        done(failedRead("spotClearinghouseState", spot));
        return;
      }
      if (spot.value.broken.length > 0) {
        done(brokenRead("spotClearinghouseState", spot.value.broken, spot.raw));
        return;
      }
      const balances = spotPositions(spot.value.rows, of.spotPairs);
      const report = { ...perps, positions: [...perps.positions, ...balances] };
      done({ result: { report }, remarks: [], raw: `${states.raw}\n${spot.raw}` });
    });
  });
}

/** `states` in the order of `dexes`. Hours are told only where they differ. */
function positionsOf(dexes: readonly string[], states: readonly ClearinghouseState[]): Positions {
  const at = Math.min(...states.map((state) => state.at));
  if (states.every((state) => state.at === at)) {
    return { kind: "positions", positions: states.flatMap(({ positions }) => positions), at };
  }
  const positions = states.flatMap((state) =>
    state.positions.map((position) => (state.at === at ? position : { ...position, at: state.at })),
  );
  const hours = states.map((state, index) => ({ dex: dexes[index] ?? "", at: state.at }));
  return { kind: "positions", positions, at, hours };
}

/** A pair's position is the balance of its base token: what `startPosition` counts (protocol §4.2). */
function spotPositions(balances: readonly SpotBalance[], pairs: readonly SpotPair[]): Position[] {
  const totals = new Map(balances.map(({ token, total }) => [token, total]));
  return pairs.flatMap(({ coin, token }) => {
    const size = totals.get(token);
    return size === undefined ? [] : [{ coin, size }];
  });
}

/** The pairs of the venue by the wire's names, with the tokens that are bought in them. */
export function spotPairsOf(
  meta: SpotMeta,
  coinOf: (pair: SpotMeta["universe"][number]) => Coin | undefined,
): SpotPair[] {
  const names = new Map(meta.tokens.map(({ index, name }) => [index, name]));
  return meta.universe.flatMap((pair) => {
    const coin = coinOf(pair);
    const token = names.get(pair.base);
    return coin === undefined || token === undefined ? [] : [{ coin, token }];
  });
}
