import {
  type Coin,
  compare,
  type Decimal,
  invalidOption,
  type Market,
  marketOf,
  parseCoin,
  readDecimal,
  ZERO,
} from "@cloister/model";
import { isPrice, PRICE_RULE } from "./price-bounds.ts";

/** One perpetual of a dex, as an option. */
export type PerpListing = {
  readonly name: string;
  readonly sizeDecimals: number;
  readonly maxLeverage: number;
  /** Where its price begins, quote units. */
  readonly price: string;
  readonly delisted?: boolean;
  /** What leverage is left for how large a position; one tier of `maxLeverage` when it is left out. */
  readonly marginTiers?: readonly MarginTierListing[];
};

/** From this value of a position on, quote units, no more than this leverage. */
export type MarginTierListing = { readonly lowerBound: string; readonly maxLeverage: number };

/** A builder dex and its coins, which are named "dex:COIN". */
export type DexListing = { readonly name: string; readonly coins: readonly PerpListing[] };

export type TokenListing = {
  readonly name: string;
  readonly index: number;
  readonly sizeDecimals: number;
  readonly weiDecimals: number;
};

/** A spot pair against USDC; index 0 is called "TOKEN/USDC", any other "@index" (protocol §11.3). */
export type PairListing = {
  readonly index: number;
  readonly token: string;
  readonly price: string;
};

export type UniverseListing = {
  readonly perps: readonly PerpListing[];
  readonly dexes: readonly DexListing[];
  readonly tokens: readonly TokenListing[];
  readonly pairs: readonly PairListing[];
};

/** One thing that can be traded. */
export type Asset = {
  /** The id in actions. */
  readonly id: number;
  readonly coin: Coin;
  /** Replaced when the coin is delisted. */
  market: Market;
  readonly maxLeverage: number;
  /** Lowest first; the first begins at zero. None for spot. */
  readonly marginTiers: readonly { readonly lowerBound: Decimal; readonly maxLeverage: number }[];
  /** Spot only: the token that is bought. */
  readonly token?: TokenListing;
  readonly firstPrice: Decimal;
};

export type Universe = {
  /** As it is now: with what was listed and delisted meanwhile. */
  readonly listing: UniverseListing;
  readonly assets: readonly Asset[];
  byId(id: number): Asset | undefined;
  byCoin(coin: string): Asset | undefined;
  /** The perpetuals of a dex in their order; "" is the first dex. Undefined for an unknown dex. */
  dex(name: string): readonly Asset[] | undefined;
  /** Adds a perpetual behind the others of a dex. @throws invalidOption for one that cannot be. */
  list(perp: PerpListing, dex: string): Asset;
  /** Ends the trading of a perpetual; its place and id stay. */
  delist(asset: Asset): void;
};

/** Whether the position of a dex in perpDexs counts from 1: the first dex is the null at 0. */
const BUILDER_BASE = 100_000;
const DEX_STRIDE = 10_000;
const SPOT_BASE = 10_000;

export const DEFAULT_UNIVERSE: UniverseListing = {
  perps: [
    {
      name: "BTC",
      sizeDecimals: 5,
      maxLeverage: 40,
      price: "64000",
      marginTiers: [
        { lowerBound: "0", maxLeverage: 40 },
        { lowerBound: "150000000", maxLeverage: 20 },
      ],
    },
    { name: "ETH", sizeDecimals: 4, maxLeverage: 25, price: "2080" },
    { name: "SOL", sizeDecimals: 2, maxLeverage: 20, price: "140" },
    { name: "MATIC", sizeDecimals: 1, maxLeverage: 20, price: "0.4", delisted: true },
  ],
  dexes: [
    {
      name: "xyz",
      coins: [{ name: "xyz:SILVER", sizeDecimals: 2, maxLeverage: 20, price: "31.5" }],
    },
  ],
  tokens: [
    { name: "USDC", index: 0, sizeDecimals: 8, weiDecimals: 8 },
    { name: "PURR", index: 1, sizeDecimals: 0, weiDecimals: 5 },
    { name: "HYPE", index: 150, sizeDecimals: 2, weiDecimals: 8 },
  ],
  pairs: [
    { index: 0, token: "PURR", price: "0.2" },
    { index: 107, token: "HYPE", price: "25.5" },
  ],
};

/** @throws invalidOption for a listing that contradicts itself. */
export function createUniverse(given: UniverseListing): Universe {
  let listing = given;
  const assets: Asset[] = [];
  const byId = new Map<number, Asset>();
  const byCoin = new Map<string, Asset>();
  const dexes = new Map<string, Asset[]>();
  const enter = (asset: Asset): Asset => {
    if (byId.has(asset.id) || byCoin.has(asset.coin)) {
      throw invalidOption("universe", asset.coin, "lists a coin or an index twice");
    }
    assets.push(asset);
    byId.set(asset.id, asset);
    byCoin.set(asset.coin, asset);
    if (asset.market.kind === "perp") dexes.get(asset.market.dex)?.push(asset);
    return asset;
  };
  const perpsOf = (dex: string): readonly Asset[] => dexes.get(dex) ?? [];
  const list = (perp: PerpListing, dex: string): Asset =>
    enter(perpAsset(perp, { id: firstIdOf(listing, dex) + perpsOf(dex).length, dex }));
  for (const dex of ["", ...listing.dexes.map(({ name }) => name)]) {
    dexes.set(dex, []);
    for (const perp of perpListings(listing, dex)) list(perp, dex);
  }
  for (const pair of listing.pairs) enter(pairAsset(pair, listing.tokens));
  return {
    get listing() {
      return listing;
    },
    assets,
    byId: (id) => byId.get(id),
    byCoin: (coin) => byCoin.get(coin),
    dex: (name) => dexes.get(name),
    list: (perp, dex) => {
      const asset = list(perp, dex);
      listing = withPerps(listing, dex, [...perpListings(listing, dex), perp]);
      return asset;
    },
    delist: (asset) => {
      asset.market = { ...asset.market, delisted: true };
      const { dex } = asset.market;
      const perps = perpListings(listing, dex).map((perp) =>
        perp.name === asset.coin ? { ...perp, delisted: true } : perp,
      );
      listing = withPerps(listing, dex, perps);
    },
  };
}

/** The id of a dex's first perpetual. */
function firstIdOf(listing: UniverseListing, dex: string): number {
  if (dex === "") return 0;
  const place = listing.dexes.findIndex(({ name }) => name === dex);
  if (place < 0) throw invalidOption("universe", dex, "is not a listed dex");
  return BUILDER_BASE + (place + 1) * DEX_STRIDE;
}

function perpListings(listing: UniverseListing, dex: string): readonly PerpListing[] {
  if (dex === "") return listing.perps;
  return listing.dexes.find(({ name }) => name === dex)?.coins ?? [];
}

function withPerps(
  listing: UniverseListing,
  dex: string,
  perps: readonly PerpListing[],
): UniverseListing {
  if (dex === "") return { ...listing, perps };
  const dexes = listing.dexes.map((one) => (one.name === dex ? { ...one, coins: perps } : one));
  return { ...listing, dexes };
}

/** @throws invalidOption for a perpetual that cannot be listed. */
export function perpAsset(perp: PerpListing, place: { id: number; dex: string }): Asset {
  if (place.dex !== "" && !perp.name.startsWith(`${place.dex}:`)) {
    throw invalidOption("universe", perp.name, `must be named "${place.dex}:COIN"`);
  }
  const coin = parseCoin(perp.name);
  return {
    id: place.id,
    coin,
    market: marketOf({
      coin,
      kind: "perp",
      dex: place.dex,
      sizeDecimals: perp.sizeDecimals,
      delisted: perp.delisted ?? false,
    }),
    maxLeverage: perp.maxLeverage,
    marginTiers: readTiers(perp),
    firstPrice: parsePrice(perp.price),
  };
}

function pairAsset(pair: PairListing, tokens: readonly TokenListing[]): Asset {
  const token = tokens.find(({ name }) => name === pair.token);
  if (token === undefined) throw invalidOption("universe", pair.token, "is not a listed token");
  const coin = parseCoin(pair.index === 0 ? `${pair.token}/USDC` : `@${pair.index}`);
  return {
    id: SPOT_BASE + pair.index,
    coin,
    market: marketOf({
      coin,
      kind: "spot",
      dex: "",
      sizeDecimals: token.sizeDecimals,
      delisted: false,
    }),
    maxLeverage: 1,
    marginTiers: [],
    token,
    firstPrice: parsePrice(pair.price),
  };
}

/** Their bounds rise from zero, their leverage falls from the highest. */
function readTiers(perp: PerpListing): Asset["marginTiers"] {
  const { maxLeverage, marginTiers = [{ lowerBound: "0", maxLeverage }] } = perp;
  const tiers = marginTiers.map((tier) => ({ ...tier, lowerBound: parseNumber(tier.lowerBound) }));
  const ordered = tiers.every((tier, index) => {
    const before = tiers[index - 1];
    if (before === undefined) return tier.lowerBound === ZERO && tier.maxLeverage === maxLeverage;
    const higher = compare(tier.lowerBound, before.lowerBound) > 0;
    return higher && tier.maxLeverage < before.maxLeverage && tier.maxLeverage >= 1;
  });
  if (ordered && tiers.length > 0) return tiers;
  throw invalidOption(
    "universe",
    perp.name,
    "must have margin tiers whose bounds rise from 0 and whose leverage falls from maxLeverage",
  );
}

function parsePrice(text: string): Decimal {
  const price = parseNumber(text);
  if (!isPrice(price)) throw invalidOption("universe", text, PRICE_RULE);
  return price;
}

function parseNumber(text: string): Decimal {
  const number = readDecimal(text);
  if (number === undefined) throw invalidOption("universe", text, "must be a plain decimal");
  return number;
}
