import { describe, expect, it } from "vitest";
import { decodeSpotMeta } from "./spot-meta.codec.ts";

const TOKEN = { name: "PURR", szDecimals: 0, weiDecimals: 5, index: 1 };
const PAIR = { tokens: [1, 0], name: "PURR/USDC", index: 0, isCanonical: true };

describe("spotMeta (protocol §8.1)", () => {
  it("reads pairs and tokens by their own index, and tells what is broken", () => {
    const tokens = [
      TOKEN,
      { ...TOKEN, index: "2" },
      { ...TOKEN, szDecimals: null },
      { ...TOKEN, name: "" },
      1,
    ];
    const universe = [
      PAIR,
      { ...PAIR, tokens: [1] },
      { ...PAIR, index: -1 },
      { ...PAIR, name: 3 },
      {},
      [],
    ];
    expect(decodeSpotMeta({ tokens, universe })).toMatchObject({
      value: {
        tokens: [{ name: "PURR", index: 1, sizeDecimals: 0 }],
        universe: [{ name: "PURR/USDC", index: 0, base: 1, quote: 0 }],
        broken: { length: 9 },
      },
    });
  });

  it.each([[null], [{ tokens: [] }], [{ universe: [] }]])("refuses %j", (body) => {
    expect(decodeSpotMeta(body).kind).toBe("unrecognized");
  });
});
