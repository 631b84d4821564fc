import { describe, expect, it } from "vitest";
import { decodeMeta } from "./meta.codec.ts";

describe("meta (protocol §8.1)", () => {
  it("keeps every place: what is delisted, and a hole for what is broken", () => {
    const universe = [
      { szDecimals: 5, name: "BTC", maxLeverage: 40 },
      { szDecimals: "4", name: "ETH" },
      { szDecimals: 1, name: "OLD", isDelisted: true },
      { szDecimals: 1 },
      null,
    ];
    expect(decodeMeta({ universe })).toMatchObject({
      value: {
        universe: [
          { name: "BTC", sizeDecimals: 5, delisted: false },
          undefined,
          { name: "OLD", sizeDecimals: 1, delisted: true },
          undefined,
          undefined,
        ],
        broken: [
          { reason: 'szDecimals is "4"' },
          { reason: "name is undefined" },
          { reason: "the listing is null" },
        ],
      },
    });
  });

  it.each([[null], [{}], [[]], [{ universe: {} }]])("refuses %j", (body) => {
    expect(decodeMeta(body).kind).toBe("unrecognized");
  });
});
