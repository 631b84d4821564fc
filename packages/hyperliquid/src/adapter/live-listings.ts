import type { MarketChange } from "@cloister/model";
import { type Assets, assetsOf } from "../assets.ts";
import type { Meta, PerpDexs, PerpListing, SpotMeta } from "../codec/info.ts";
import { type SpotPair, spotPairsOf } from "./read-positions.ts";

/** What was read of the markets: each dex's perps, the spot pairs, and where each dex stands. */
export type Listed = {
  readonly metas: readonly { readonly dex: string; readonly meta: Meta }[];
  readonly spotMeta: SpotMeta;
  readonly perpDexs: PerpDexs;
};

/** The markets as they were read last. Whoever looks one up sees the newest reading. */
export class LiveListings {
  #listed: Listed;
  #assets: Assets;
  #spotPairs: readonly SpotPair[];

  constructor(listed: Listed) {
    this.#listed = listed;
    this.#assets = assetsOf(listed);
    this.#spotPairs = pairsOf(listed, this.#assets);
  }

  get assets(): Assets {
    return this.#assets;
  }

  get dexes(): readonly string[] {
    return this.#listed.metas.map(({ dex }) => dex);
  }

  get spotPairs(): readonly SpotPair[] {
    return this.#spotPairs;
  }

  /**
   * Takes a newer reading. What it does not show, or shows broken, stays as it was: a place never changes its coin
   * (protocol §8.1), and orders of a coin that is gone must still be canceled.
   * @returns what changed; or in words why it is not believed.
   */
  take(newer: Listed): readonly MarketChange[] | string {
    const metas: { dex: string; meta: Meta }[] = [];
    for (const { dex, meta } of this.#listed.metas) {
      const fresh = newer.metas.find((one) => one.dex === dex)?.meta;
      const joined = fresh === undefined ? meta : joinMetas(meta, fresh);
      if (typeof joined === "string") return `meta of dex "${dex}": ${joined}`;
      metas.push({ dex, meta: joined });
    }
    const moved = this.#listed.perpDexs.findIndex(
      (dex, place) => dex !== undefined && newer.perpDexs[place] !== dex,
    );
    if (moved >= 0) return `perpDexs: place ${moved} is another dex`;
    const spotMeta = joinSpot(this.#listed.spotMeta, newer.spotMeta);
    const before = this.#assets;
    this.#listed = { metas, spotMeta, perpDexs: newer.perpDexs };
    this.#assets = assetsOf(this.#listed);
    this.#spotPairs = pairsOf(this.#listed, this.#assets);
    return changesBetween(before, this.#assets);
  }
}

function pairsOf({ spotMeta }: Listed, assets: Assets): readonly SpotPair[] {
  return spotPairsOf(spotMeta, ({ index }) => assets.market(`@${index}`)?.coin);
}

function joinMetas(old: Meta, fresh: Meta): Meta | string {
  const universe: (PerpListing | undefined)[] = [...fresh.universe];
  for (const [place, listing] of old.universe.entries()) {
    if (listing === undefined) continue;
    const now = universe[place];
    if (now !== undefined && now.name !== listing.name) {
      return `place ${place} was ${listing.name} and is ${now.name}`;
    }
    if (now !== undefined) continue;
    // Broken for now, or gone for good.
    const isGone = place >= fresh.universe.length;
    universe[place] = isGone ? { ...listing, delisted: true } : listing;
  }
  return { universe, broken: fresh.broken };
}

function joinSpot(old: SpotMeta, fresh: SpotMeta): SpotMeta {
  const missing = <T extends { readonly index: number }>(was: readonly T[], is: readonly T[]) => {
    const known = new Set(is.map(({ index }) => index));
    return [...is, ...was.filter(({ index }) => !known.has(index))];
  };
  return {
    universe: missing(old.universe, fresh.universe),
    tokens: missing(old.tokens, fresh.tokens),
    broken: fresh.broken,
  };
}

function changesBetween(before: Assets, after: Assets): readonly MarketChange[] {
  const changes: MarketChange[] = [];
  for (const now of after.markets()) {
    const { coin } = now;
    const was = before.market(coin);
    if (was === now) continue;
    if (was === undefined) {
      changes.push({ type: "listed", coin, market: now });
      continue;
    }
    if (was.delisted !== now.delisted) {
      changes.push({ type: now.delisted ? "delisted" : "relisted", coin });
    }
    for (const type of ["sizeDecimals", "maxLeverage"] as const) {
      const from = was[type];
      const to = now[type];
      if (from === undefined || to === undefined || from === to) continue;
      changes.push({ type, coin, from, to });
    }
  }
  return changes;
}
