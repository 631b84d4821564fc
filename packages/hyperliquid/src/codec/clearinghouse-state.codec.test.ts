import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { decodeClearinghouseFrame, decodeClearinghouseState } from "./clearinghouse-state.codec.ts";

const USER = "0x1111111111111111111111111111111111111111";

function position(coin: string, szi: unknown) {
  return {
    type: "oneWay",
    position: { coin, szi, entryPx: "64000.0", leverage: { type: "cross", value: 5 } },
  };
}

const STATE = {
  marginSummary: { accountValue: "1000.0", totalRawUsd: "-22358.938225" },
  withdrawable: "994.88",
  assetPositions: [position("BTC", "0.0004"), position("xyz:GOLD", "-3.0")],
  time: 1_700_000_007_000,
};
const POSITIONS = [
  { coin: "BTC", size: parseDecimal("0.0004") },
  { coin: "xyz:GOLD", size: parseDecimal("-3") },
];

describe("clearinghouseState (protocol §4.4, §8.7)", () => {
  it("reads signed positions at the venue's own time", () => {
    expect(decodeClearinghouseState(STATE)).toEqual({
      kind: "ok",
      value: {
        positions: POSITIONS,
        at: 1_700_000_007_000,
        accountValue: parseDecimal("1000"),
        withdrawable: parseDecimal("994.88"),
      },
    });
  });

  it("does not need what is only shown", () => {
    expect(decodeClearinghouseState({ assetPositions: [], time: 1 })).toEqual({
      kind: "ok",
      value: { positions: [], at: 1 },
    });
  });

  it("one broken position spoils the list: a missing coin would read as none", () => {
    const assetPositions = [...STATE.assetPositions, position("ETH", 0.1)];
    expect(decodeClearinghouseState({ ...STATE, assetPositions })).toEqual({
      kind: "unrecognized",
      reason: "assetPositions: szi is 0.1",
    });
  });

  it.each([
    [null],
    [[]],
    [{ ...STATE, time: "1" }],
    [{ ...STATE, assetPositions: {} }],
    [{ time: 1 }],
  ])("refuses %j", (body) => {
    expect(decodeClearinghouseState(body).kind).toBe("unrecognized");
  });

  it("is pushed with its dex", () => {
    expect(decodeClearinghouseFrame({ dex: "xyz", user: USER, clearinghouseState: STATE })).toEqual(
      {
        kind: "facts",
        channel: "clearinghouseState",
        facts: [{ type: "positions", dex: "xyz", positions: POSITIONS, at: 1_700_000_007_000 }],
        user: USER,
        snapshot: false,
      },
    );
    for (const data of [
      null,
      {},
      { dex: 2, clearinghouseState: STATE },
      { clearinghouseState: null },
    ]) {
      expect(decodeClearinghouseFrame(data).kind).toBe("unrecognized");
    }
  });
});
