import {
  type Coin,
  type Decimal,
  invalidOption,
  type Market,
  marketOf,
  parseCoin,
  readDecimal,
} from "@cloister/model";

/** One perpetual of a dex, as an option. */
export type PerpListing = {
  readonly name: string;
  readonly sizeDecimals: number;
  readonly maxLeverage: number;
  /** Where its price begins, quote units. */
  readonly price: string;
  readonly delisted?: boolean;
};

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
  readonly market: Market;
  readonly maxLeverage: number;
  /** Spot only: the token that is bought. */
  readonly token?: TokenListing;
  readonly firstPrice: Decimal;
};

export type Universe = {
  readonly listing: UniverseListing;
  readonly assets: readonly Asset[];
  byId(id: number): Asset | undefined;
  byCoin(coin: string): Asset | undefined;
  /** The perpetuals of a dex in their order; "" is the first dex. Undefined for an unknown dex. */
  dex(name: string): readonly Asset[] | undefined;
};

/** Whether the position of a dex in perpDexs counts from 1: the first dex is the null at 0. */
const BUILDER_BASE = 100_000;
const DEX_STRIDE = 10_000;
const SPOT_BASE = 10_000;

export const DEFAULT_UNIVERSE: UniverseListing = {
  perps: [
    { name: "BTC", sizeDecimals: 5, maxLeverage: 40, price: "64000" },
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
export function createUniverse(listing: UniverseListing): Universe {
  const assets = [
    ...listing.perps.map((perp, index) => perpAsset(perp, { id: index, dex: "" })),
    ...listing.dexes.flatMap((dex, place) =>
      dex.coins.map((perp, index) =>
        perpAsset(perp, { id: BUILDER_BASE + (place + 1) * DEX_STRIDE + index, dex: dex.name }),
      ),
    ),
    ...listing.pairs.map((pair) => pairAsset(pair, listing.tokens)),
  ];
  const byId = new Map(assets.map((asset) => [asset.id, asset]));
  const byCoin = new Map<string, Asset>(assets.map((asset) => [asset.coin, asset]));
  if (byId.size !== assets.length || byCoin.size !== assets.length) {
    throw invalidOption("universe", listing, "lists a coin or an index twice");
  }
  const dexes = new Map<string, readonly Asset[]>();
  for (const name of ["", ...listing.dexes.map((dex) => dex.name)]) {
    dexes.set(
      name,
      assets.filter(({ market }) => market.kind === "perp" && market.dex === name),
    );
  }
  return {
    listing,
    assets,
    byId: (id) => byId.get(id),
    byCoin: (coin) => byCoin.get(coin),
    dex: (name) => dexes.get(name),
  };
}

function perpAsset(perp: PerpListing, place: { id: number; dex: string }): Asset {
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
    token,
    firstPrice: parsePrice(pair.price),
  };
}

function parsePrice(text: string): Decimal {
  const price = readDecimal(text);
  if (price === undefined) throw invalidOption("universe", text, "must be a plain decimal price");
  return price;
}
