import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import type { LimitsOption } from "../limits/limits.ts";

let alice: Desk;
let bob: Desk;

const TOO_MANY = { error: "Too many open orders. asset=0" };
const open = () => alice.info({ type: "openOrders", user: ALICE }) as { oid: number }[];
const bid = (terms: { r?: boolean; tif?: string; b?: boolean; p?: string } = {}) =>
  limit({ b: true, p: "60000", s: "0.001", ...terms });
const stop = {
  a: 0,
  b: false,
  p: "55000",
  s: "0.001",
  r: true,
  t: { trigger: { isMarket: true, triggerPx: "56000", tpsl: "sl" } },
};
/** 4,480,000 USDC change hands, and back again. */
function trade(times: number): void {
  for (let turn = 0; turn < times; turn += 1) {
    const buys = turn % 2 === 0;
    bob.place(limit({ b: !buys, p: "64000", s: "70" }));
    alice.place(limit({ b: buys, p: "64000", s: "70", tif: "Ioc" }));
  }
}
function begin(limits: LimitsOption): void {
  const at = openExchange({ limits });
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
}

describe("the ceiling of open orders (protocol §12.3)", () => {
  it("is a thousand; the next one is rejected with a record", () => {
    begin({});
    const batch = {
      type: "order",
      orders: Array.from({ length: 200 }, () => bid()),
      grouping: "na",
    };
    for (let at = 0; at < 5; at += 1) alice.act(batch);
    alice.subscribe({ type: "orderUpdates", user: ALICE });
    expect(alice.place(bid())).toEqual(TOO_MANY);
    expect(open()).toHaveLength(1_000);
    const [[update]] = alice.heard("orderUpdates") as [[{ status: string; order: object }]];
    expect(update).toMatchObject({
      status: "tooManyOpenOrdersRejected",
      order: { sz: "0.001", origSz: "0.001" },
    });
    alice.act({ type: "cancel", cancels: [{ a: 0, o: open()[0]?.oid }] });
    expect(alice.place(bid({ tif: "Alo" }))).toHaveProperty("resting");
    expect(alice.place(bid({ tif: "Alo" }))).toEqual(TOO_MANY);
  });

  it("rises by one with five million traded, and never above its maximum", () => {
    begin({ openOrders: 1, openOrdersMax: 2 });
    alice.place(bid());
    trade(1);
    expect(alice.place(bid())).toEqual(TOO_MANY);
    trade(1);
    expect(alice.place(bid())).toHaveProperty("resting");
    trade(2);
    expect(alice.place(bid())).toEqual(TOO_MANY);
  });

  describe("with as many as no volume is needed for", () => {
    beforeEach(() => {
      begin({ openOrders: 2, openOrdersMax: 3 });
      trade(3);
      alice.place(bid());
      alice.place(bid());
    });

    it("takes one more plain order, as its volume allows", () => {
      expect(alice.place(bid())).toHaveProperty("resting");
    });

    it.each([
      ["a reduce-only order", bid({ b: false, r: true, p: "70000" })],
      ["an immediate reduce-only order", bid({ b: false, r: true, p: "60000", tif: "Ioc" })],
      ["a trigger order", stop],
    ])("rejects %s", (_name, order) => {
      expect(alice.place(order)).toEqual(TOO_MANY);
    });

    it("takes what cannot rest, and a replacement of one of them", () => {
      alice.place(bid());
      bob.place(limit({ b: false, p: "64000", s: "1" }));
      expect(alice.place(bid({ p: "64000", tif: "Ioc" }))).toHaveProperty("filled");
      const [oldest] = open().slice(-1);
      const modified = { type: "modify", oid: oldest?.oid, order: bid({ p: "60001" }) };
      expect(alice.act(modified)).toEqual({ status: "ok", response: { type: "default" } });
      expect(alice.place(bid())).toEqual(TOO_MANY);
    });
  });

  it("is off without limits", () => {
    begin(false);
    const batch = {
      type: "order",
      orders: Array.from({ length: 200 }, () => bid()),
      grouping: "na",
    };
    for (let at = 0; at < 5; at += 1) alice.act(batch);
    expect(alice.place(bid())).toHaveProperty("resting");
    expect(alice.place(stop)).toHaveProperty("resting");
  });
});
