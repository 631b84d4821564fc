import { beforeEach, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";

const CLOID = "0x000000000000000000000000000000a1";
const FIRST = 700_000_000_001;
const GONE = "Cannot modify canceled or filled order";
const INVALID = "Attempted to modify to invalid new order";

let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;

beforeEach(() => {
  at = openExchange();
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
  alice.place(limit({ b: true, p: "64000", s: "0.001", c: CLOID }));
  alice.subscribe({ type: "orderUpdates", user: ALICE });
});

const news = () =>
  (
    alice.heard("orderUpdates") as { status: string; order: { oid: number; cloid?: string } }[][]
  ).map((message) => message.map(({ status, order }) => [order.oid - FIRST, status, order.cloid]));
const batch = (oid: number | string, order: object, a = false) =>
  alice.statuses({ type: "batchModify", modifies: [{ oid, order }], ...(a ? { a } : {}) });

it("gives a new oid under the same cloid, and says open(new) before canceled(old) in one message", () => {
  expect(batch(CLOID, limit({ b: true, p: "63990", s: "0.002", c: CLOID }))).toEqual([
    { resting: { oid: FIRST + 1, cloid: CLOID } },
  ]);
  expect(news()).toEqual([
    [
      [1, "open", CLOID],
      [0, "canceled", CLOID],
    ],
  ]);
  expect(alice.info({ type: "orderStatus", user: ALICE, oid: CLOID })).toMatchObject({
    order: { status: "open", order: { oid: FIRST + 1, tif: "Alo" } },
  });
  expect(alice.info({ type: "orderStatus", user: ALICE, oid: FIRST })).toMatchObject({
    order: { status: "canceled" },
  });
});

it("drops a cloid that is not repeated", () => {
  batch(FIRST, limit({ b: true, p: "63990", s: "0.001" }));
  expect(news()).toEqual([
    [
      [1, "open", undefined],
      [0, "canceled", CLOID],
    ],
  ]);
});

it("answers a single modify without data, and its failure as a whole", () => {
  expect(
    alice.act({ type: "modify", oid: FIRST, order: limit({ b: true, p: "63990", s: "0.001" }) }),
  ).toEqual({ status: "ok", response: { type: "default" } });
  expect(
    alice.act({ type: "modify", oid: FIRST, order: limit({ b: true, p: "63980", s: "0.001" }) }),
  ).toEqual({ status: "err", response: GONE });
});

it("refuses to modify what is filled, and places nothing", () => {
  bob.place(limit({ b: false, p: "64000", s: "0.001", tif: "Ioc" }));
  alice.forget();
  expect(batch(FIRST, limit({ b: true, p: "63990", s: "0.001" }))).toEqual([{ error: GONE }]);
  expect(news()).toEqual([]);
});

it.each([
  ["a size off the lot", limit({ b: true, p: "63990", s: "0.0000001" })],
  ["a price off the tick", limit({ b: true, p: "63990.5", s: "0.001" })],
  ["too little", limit({ b: true, p: "63990", s: "0.0001" })],
  ["the other side", limit({ b: false, p: "65000", s: "0.001" })],
  ["another coin", limit({ a: 1, b: true, p: "2000", s: "0.1" })],
  ["an immediate order", limit({ b: true, p: "63990", s: "0.001", tif: "Ioc" })],
  ["a price that crosses", limit({ b: true, p: "64100", s: "0.001" })],
])("refuses %s and leaves the old order as it was", (_what, order) => {
  bob.place(limit({ b: false, p: "64050", s: "0.001" }));
  expect(batch(FIRST, order)).toEqual([{ error: INVALID }]);
  expect(news()).toEqual([]);
  expect(alice.info({ type: "openOrders", user: ALICE })).toMatchObject([{ oid: FIRST }]);
});

it("loses the old order to an invalid replacement where the rule says so", () => {
  at = openExchange({ rules: { invalidReplacement: "losesOld" } });
  alice = new Desk(at, ALICE);
  new Desk(at, BOB).place(limit({ b: false, p: "64050", s: "0.001" }));
  alice.place(limit({ b: true, p: "64000", s: "0.001" }));
  alice.subscribe({ type: "orderUpdates", user: ALICE });
  expect(batch(FIRST + 1, limit({ b: true, p: "64100", s: "0.001" }))).toEqual([
    { error: INVALID },
  ]);
  expect(news()).toEqual([[[1, "canceled", undefined]]]);
});

it("with always-place lets the replacement take: open(new), canceled(old), filled(new)", () => {
  bob.place(limit({ b: false, p: "64050", s: "0.001" }));
  expect(batch(FIRST, limit({ b: true, p: "64100", s: "0.001", c: CLOID }), true)).toEqual([
    { filled: { totalSz: "0.001", avgPx: "64050.0", oid: FIRST + 2, cloid: CLOID } },
  ]);
  expect(news()).toEqual([
    [
      [2, "open", CLOID],
      [0, "canceled", CLOID],
      [2, "filled", CLOID],
    ],
  ]);
});

it("with always-place places even when the old order is gone", () => {
  alice.act({ type: "cancel", cancels: [{ a: 0, o: FIRST }] });
  expect(batch(FIRST, limit({ b: true, p: "63990", s: "0.001" }), true)).toEqual([
    { resting: { oid: FIRST + 1 } },
  ]);
});

it("with always-place loses the old order to a replacement the venue rejects", () => {
  expect(batch(FIRST, limit({ b: true, p: "64100", s: "0.001", tif: "Ioc" }), true)).toMatchObject([
    { error: expect.stringContaining("could not immediately match") as string },
  ]);
  expect(news()).toEqual([
    [
      [1, "iocCancelRejected", undefined],
      [0, "canceled", CLOID],
    ],
  ]);
  expect(alice.info({ type: "openOrders", user: ALICE })).toEqual([]);
});
