import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { decodeTrades } from "./trades.codec.ts";

const TRADE = {
  coin: "BTC",
  side: "A",
  px: "64000.0",
  sz: "0.0004",
  time: 5,
  hash: "0xf1",
  tid: 9,
  users: ["0x1", "0x2"],
};

describe("trades (protocol §4.5)", () => {
  it("reads the aggressor's side; a bad trade does not cost the others", () => {
    const bad = { ...TRADE, px: 1 };
    expect(decodeTrades([bad, TRADE])).toEqual({
      kind: "market",
      channel: "trades",
      data: {
        kind: "trades",
        trades: [
          {
            coin: "BTC",
            side: "sell",
            price: parseDecimal("64000"),
            size: parseDecimal("0.0004"),
            at: 5,
            tid: 9,
          },
        ],
      },
      broken: [{ reason: "px is 1", text: JSON.stringify(bad) }],
    });
  });

  it("refuses what is no array", () => {
    expect(decodeTrades({})).toMatchObject({ kind: "unrecognized", channel: "trades" });
  });
});
