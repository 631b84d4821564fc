import { describe, expect, it } from "vitest";
import { decodeOpenOrders, decodeOpenOrdersFrame } from "./open-orders.codec.ts";

const USER = "0x1111111111111111111111111111111111111111";

function row(oid: unknown, more: object = {}) {
  return {
    coin: "BTC",
    side: "B",
    limitPx: "64000.0",
    sz: "0.0006",
    oid,
    timestamp: 1,
    origSz: "0.001",
    ...more,
  };
}

function oids(rows: readonly { readonly oid: number }[]): number[] {
  return rows.map(({ oid }) => oid);
}

describe("openOrders, pushed (protocol §4.4)", () => {
  it("is the full list of one dex", () => {
    const frame = decodeOpenOrdersFrame({ dex: "xyz", user: USER, orders: [row(1), row(2)] });
    expect(frame).toMatchObject({
      kind: "facts",
      user: USER,
      facts: [{ type: "openOrders", dex: "xyz", orders: [{ oid: 1 }, { oid: 2 }] }],
    });
  });

  it.each([[undefined], [null], [""]])("dex %j is the first one", (dex) => {
    expect(decodeOpenOrdersFrame({ dex, user: USER, orders: [] })).toMatchObject({
      facts: [{ type: "openOrders", dex: "", orders: [] }],
    });
  });

  it("situation 96: with a broken row it is no full list: the good ones are told one by one", () => {
    const frame = decodeOpenOrdersFrame({
      dex: "",
      user: USER,
      orders: [row(1), row("2"), row(3)],
    });
    expect(frame).toMatchObject({
      facts: [
        { type: "order", report: { oid: 1, word: { kind: "open" } } },
        { type: "order", report: { oid: 3, word: { kind: "open" } } },
        { type: "unrecognized", channel: "openOrders", text: JSON.stringify(row("2")) },
      ],
    });
  });

  it.each([[null], [{ user: USER }], [{ dex: 1, orders: [] }], [[row(1)]]])(
    "refuses %j",
    (data) => {
      expect(decodeOpenOrdersFrame(data)).toMatchObject({
        kind: "unrecognized",
        channel: "openOrders",
      });
    },
  );
});

describe("openOrders and frontendOpenOrders, read (protocol §8.2)", () => {
  it("children are listed twice by the venue and once by us; one that only nests is not lost", () => {
    const child = row(3, { isTrigger: true, children: [] });
    const onlyNested = row(4, { isTrigger: true });
    const answer = decodeOpenOrders([row(2, { children: [child, onlyNested] }), child]);
    expect(answer.kind === "ok" && oids(answer.value.rows)).toEqual([2, 3, 4]);
  });

  it("situation 96: tells which rows are broken", () => {
    expect(decodeOpenOrders([row(1), null])).toMatchObject({
      value: { rows: [{ oid: 1 }], broken: [{ text: "null" }] },
    });
  });

  it.each([[null], [{}], ["[]"]])("refuses %j: a failed read is never an empty one", (body) => {
    expect(decodeOpenOrders(body).kind).toBe("unrecognized");
  });
});
