import { type Coin, type Market, marketOf, readCoin } from "@cloister/model";
import type { Meta, PerpDexs, SpotMeta, SpotToken } from "./codec/info.ts";

/** Every market of the venue with its asset id, looked up both ways (protocol §11.3). Names are case sensitive. */
export interface Assets {
  market(coin: string): Market | undefined;
  markets(): readonly Market[];
  assetId(coin: string): number | undefined;
  coinOf(assetId: number): Coin | undefined;
}

export type Listings = {
  /** One entry per dex that was read; "" names the first dex. */
  readonly metas: readonly { readonly dex: string; readonly meta: Meta }[];
  readonly spotMeta?: SpotMeta;
  /** Where each builder dex stands; without it only the first dex is known. */
  readonly perpDexs?: PerpDexs;
};

const SPOT_BASE = 10_000;
const BUILDER_BASE = 100_000;
const BUILDER_STEP = 10_000;

type Asset = { readonly id: number; readonly market: Market; readonly alias?: string };

/** Ids follow the venue's positions: delisted markets keep theirs. A dex that `perpDexs` does not list is left out. */
export function assetsOf({ metas, spotMeta, perpDexs = [""] }: Listings): Assets {
  const perps = metas.flatMap(({ dex, meta }) => perpsOf(dex, meta, perpDexs));
  const assets = spotMeta === undefined ? perps : [...perps, ...spotsOf(spotMeta)];
  const byCoin = new Map<string, Asset>();
  const byId = new Map<number, Asset>();
  for (const asset of assets) {
    if (!byCoin.has(asset.market.coin)) byCoin.set(asset.market.coin, asset);
    byId.set(asset.id, asset);
  }
  for (const asset of assets) {
    if (asset.alias !== undefined && !byCoin.has(asset.alias)) byCoin.set(asset.alias, asset);
  }
  const markets = assets.map(({ market }) => market);
  return {
    market: (coin) => byCoin.get(coin)?.market,
    markets: () => markets,
    assetId: (coin) => byCoin.get(coin)?.id,
    coinOf: (assetId) => byId.get(assetId)?.market.coin,
  };
}

function perpsOf(dex: string, meta: Meta, perpDexs: PerpDexs): Asset[] {
  const position = dex === "" ? 0 : perpDexs.indexOf(dex);
  if (position < 0) return [];
  const base = position === 0 ? 0 : BUILDER_BASE + position * BUILDER_STEP;
  const assets: Asset[] = [];
  for (const [index, listing] of meta.universe.entries()) {
    const coin = readCoin(listing && dexName(dex, listing.name));
    if (listing === undefined || coin === undefined) continue;
    assets.push({ id: base + index, market: marketOf({ ...listing, coin, kind: "perp", dex }) });
  }
  return assets;
}

/** Coins of a builder dex carry its name; the listing may already spell it. */
function dexName(dex: string, name: string): string {
  return dex === "" || name.startsWith(`${dex}:`) ? name : `${dex}:${name}`;
}

function spotsOf({ universe, tokens }: SpotMeta): Asset[] {
  const byIndex = new Map<number, SpotToken>(tokens.map((token) => [token.index, token]));
  const assets: Asset[] = [];
  for (const { name, index, base } of universe) {
    // On the wire the first pair goes by its name, every other by its number.
    const numbered = `@${index}`;
    const coin = readCoin(index === 0 ? name : numbered);
    const sizeDecimals = byIndex.get(base)?.sizeDecimals;
    if (coin === undefined || sizeDecimals === undefined) continue;
    const market = marketOf({ coin, kind: "spot", dex: "", sizeDecimals, delisted: false });
    assets.push({ id: SPOT_BASE + index, market, alias: index === 0 ? numbered : name });
  }
  return assets;
}
