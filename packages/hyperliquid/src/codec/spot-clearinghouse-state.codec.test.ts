import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { decodeSpotClearinghouseState } from "./spot-clearinghouse-state.codec.ts";

describe("spotClearinghouseState (protocol §8.7)", () => {
  it("reads balances, and tells which are broken", () => {
    const balances = [
      { coin: "PURR", token: 1, total: "7.5", hold: "2.0", entryNtl: "33.75" },
      { coin: "+10", token: 100_000_010, total: "25", hold: "0" },
      { coin: "USDC", total: 5, hold: "0" },
      { coin: "USDC", total: "5" },
      { total: "5", hold: "0" },
      7,
    ];
    expect(decodeSpotClearinghouseState({ balances })).toMatchObject({
      value: {
        rows: [
          { token: "PURR", total: parseDecimal("7.5"), hold: parseDecimal("2") },
          { token: "+10", total: parseDecimal("25"), hold: parseDecimal("0") },
        ],
        broken: [
          { reason: "total is 5" },
          { reason: "hold is undefined" },
          { reason: "coin is undefined" },
          { reason: "the balance is 7" },
        ],
      },
    });
  });

  it.each([[null], [{}], [[]]])("refuses %j", (body) => {
    expect(decodeSpotClearinghouseState(body).kind).toBe("unrecognized");
  });
});
