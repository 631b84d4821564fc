import { describe, expect, it } from "vitest";
import { decodeUserFills } from "./user-fills.codec.ts";

const USER = "0x1111111111111111111111111111111111111111";

function fill(tid: unknown) {
  return {
    coin: "BTC",
    px: "64000.0",
    sz: "0.0004",
    side: "B",
    time: 1_700_000_004_000,
    startPosition: "0.0",
    dir: "Open Long",
    closedPnl: "0.0",
    hash: "0xf1",
    oid: 5,
    crossed: false,
    fee: "0.00384",
    tid,
    feeToken: "USDC",
  };
}

describe("userFills (protocol §4.2)", () => {
  it("situation 92: history says that it is history", () => {
    const frame = decodeUserFills({ isSnapshot: true, user: USER, fills: [fill(1)] });
    expect(frame).toMatchObject({
      kind: "facts",
      channel: "userFills",
      user: USER,
      snapshot: true,
      facts: [{ type: "fill", snapshot: true, fill: { tid: 1 } }],
    });
  });

  it.each([[undefined], [null], [false]])("isSnapshot %j is news", (isSnapshot) => {
    const frame = decodeUserFills({ isSnapshot, user: USER, fills: [fill(1)] });
    expect(frame).toMatchObject({ snapshot: false, facts: [{ type: "fill", snapshot: false }] });
  });

  it("an empty history is still told", () => {
    expect(decodeUserFills({ isSnapshot: true, user: USER, fills: [] })).toEqual({
      kind: "facts",
      channel: "userFills",
      facts: [],
      user: USER,
      snapshot: true,
    });
  });

  it("situation 99: a bad fill is kept with its text, the others arrive", () => {
    const frame = decodeUserFills({ user: USER, fills: [fill(1), fill("2"), fill(3)] });
    expect(frame).toMatchObject({
      facts: [
        { type: "fill", fill: { tid: 1 } },
        {
          type: "unrecognized",
          channel: "userFills",
          reason: 'tid is "2"',
          text: JSON.stringify(fill("2")),
        },
        { type: "fill", fill: { tid: 3 } },
      ],
    });
  });

  it.each([[null], [[]], [{ user: USER }], [{ user: USER, fills: {} }]])("refuses %j", (data) => {
    expect(decodeUserFills(data)).toMatchObject({ kind: "unrecognized", channel: "userFills" });
  });
});
