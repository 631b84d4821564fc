import { describe, expect, it } from "vitest";
import { assetsOf } from "./assets.ts";
import { decodeMeta } from "./codec/meta.codec.ts";
import { decodePerpDexs } from "./codec/perp-dexs.codec.ts";
import { decodeSpotMeta } from "./codec/spot-meta.codec.ts";
import type { Decoded } from "./codec/decoded.ts";

function read<T>(decoded: Decoded<T>): T {
  if (decoded.kind === "ok") return decoded.value;
  throw new Error(decoded.reason);
}

const meta = read(
  decodeMeta({
    universe: [
      { name: "BTC", szDecimals: 5 },
      { name: "OLD", szDecimals: 1, isDelisted: true },
      { name: "BROKEN" },
      { name: "ETH", szDecimals: 4 },
    ],
  }),
);
const xyz = read(
  decodeMeta({
    universe: [
      { name: "xyz:SILVER", szDecimals: 2 },
      { name: "BTC", szDecimals: 3 },
    ],
  }),
);
const spotMeta = read(
  decodeSpotMeta({
    tokens: [
      { name: "USDC", szDecimals: 8, index: 0 },
      { name: "PURR", szDecimals: 0, index: 1 },
      { name: "HYPE", szDecimals: 2, index: 150 },
    ],
    universe: [
      { tokens: [150, 0], name: "HYPE/USDC", index: 107 },
      { tokens: [1, 0], name: "PURR/USDC", index: 0 },
      { tokens: [999, 0], name: "@3", index: 3 },
    ],
  }),
);
const perpDexs = read(decodePerpDexs([null, { name: "abc" }, { name: "xyz" }]));
const assets = assetsOf({
  metas: [
    { dex: "", meta },
    { dex: "xyz", meta: xyz },
  ],
  spotMeta,
  perpDexs,
});

describe("assetsOf (protocol §11.3)", () => {
  it("perps go by their place; delisted ones and what is broken keep theirs", () => {
    expect(assets.assetId("BTC")).toBe(0);
    expect(assets.assetId("OLD")).toBe(1);
    expect(assets.assetId("ETH")).toBe(3);
    expect(assets.coinOf(2)).toBeUndefined();
    expect(assets.market("OLD")).toMatchObject({ delisted: true });
  });

  it("situation 126: a builder dex counts from its place in perpDexs, under names of its own", () => {
    expect(assets.assetId("xyz:SILVER")).toBe(120_000);
    expect(assets.assetId("xyz:BTC")).toBe(120_001);
    expect(assets.market("xyz:BTC")).toMatchObject({
      dex: "xyz",
      sizeDecimals: 3,
      priceDecimals: 3,
    });
    expect(assets.market("BTC")).toMatchObject({ dex: "", sizeDecimals: 5, priceDecimals: 1 });
  });

  it("spot goes by the index of the pair, never by its place", () => {
    expect(assets.assetId("PURR/USDC")).toBe(10_000);
    expect(assets.assetId("@107")).toBe(10_107);
    expect(assets.coinOf(10_107)).toBe("@107");
    expect(assets.market("@107")).toMatchObject({
      kind: "spot",
      sizeDecimals: 2,
      priceDecimals: 6,
    });
  });

  it("takes the other spelling of a pair, and answers in the wire's", () => {
    expect(assets.market("HYPE/USDC")?.coin).toBe("@107");
    expect(assets.market("@0")?.coin).toBe("PURR/USDC");
    expect(assets.assetId("HYPE/USDC")).toBe(10_107);
  });

  it("looks both ways for every market", () => {
    expect(assets.markets().map(({ coin }) => coin)).toEqual([
      "BTC",
      "OLD",
      "ETH",
      "xyz:SILVER",
      "xyz:BTC",
      "@107",
      "PURR/USDC",
    ]);
    for (const { coin } of assets.markets()) {
      const id = assets.assetId(coin);
      expect(id !== undefined && assets.coinOf(id)).toBe(coin);
    }
  });

  it("knows nothing else: names are case sensitive, a pair of unknown tokens has no lot", () => {
    for (const coin of ["btc", "SILVER", "XYZ:SILVER", "@3", "@1", "", "constructor"]) {
      expect(assets.market(coin)).toBeUndefined();
      expect(assets.assetId(coin)).toBeUndefined();
    }
  });

  it("a dex that is not listed has no ids to give", () => {
    expect(assetsOf({ metas: [{ dex: "xyz", meta: xyz }] }).markets()).toEqual([]);
  });
});
