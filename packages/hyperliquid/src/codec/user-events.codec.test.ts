import { describe, expect, it } from "vitest";
import { decodeUserEvents } from "./user-events.codec.ts";

const FILL = {
  coin: "ETH",
  px: "2070.0",
  sz: "0.01",
  side: "A",
  time: 1_700_000_006_000,
  startPosition: "0.01",
  dir: "Close Long",
  closedPnl: "-0.1",
  hash: "0xf3",
  oid: 5,
  crossed: true,
  fee: "0.009315",
  tid: 3,
  feeToken: "USDC",
};

function factsOf(data: unknown) {
  const frame = decodeUserEvents(data);
  return frame.kind === "facts" ? frame.facts : frame;
}

describe("userEvents on channel user (protocol §4.3)", () => {
  it("fills", () => {
    expect(factsOf({ fills: [FILL] })).toMatchObject([
      { type: "fill", snapshot: false, fill: { tid: 3, side: "sell" } },
    ]);
  });

  it("the venue cancels on its own", () => {
    expect(
      factsOf({
        nonUserCancel: [
          { coin: "ETH", oid: 6 },
          { coin: "ETH", oid: "7" },
        ],
      }),
    ).toMatchObject([
      { type: "venueCancel", coin: "ETH", oid: 6 },
      { type: "unrecognized", channel: "user", reason: 'oid is "7"' },
    ]);
  });

  it.each(["funding", "liquidation", "twapHistory", "twapSliceFills"])(
    "%s is ignored, and says so",
    (key) => {
      expect(factsOf({ [key]: {} })).toMatchObject([{ type: "ignored", what: `user.${key}` }]);
    },
  );

  it("an unknown key beside a known event costs nothing and is told", () => {
    expect(factsOf({ fills: [FILL], newKey: 1 })).toMatchObject([
      { type: "fill" },
      { type: "ignored", what: "user.newKey" },
    ]);
  });

  it("a list that is none is kept with its text", () => {
    expect(factsOf({ fills: "many", nonUserCancel: [] })).toEqual([
      { type: "unrecognized", channel: "user", reason: "fills is not an array", text: '"many"' },
    ]);
  });

  it.each([[{ somethingNew: [] }], [{}], [[]], [null], ["fills"]])("refuses %j", (data) => {
    expect(decodeUserEvents(data)).toMatchObject({ kind: "unrecognized", channel: "user" });
  });
});
