import { expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "./desk.fixture.ts";

const CLOID = "0x000000000000000000000000000000a1";

it("places, rests, fills and cancels over a session, and every channel says so", () => {
  const at = openExchange();
  const alice = new Desk(at, ALICE);
  const bob = new Desk(at, BOB);
  alice.subscribe({ type: "orderUpdates", user: ALICE });
  alice.subscribe({ type: "userFills", user: ALICE });
  expect(alice.place(limit({ b: true, p: "64000", s: "0.001", tif: "Alo", c: CLOID }))).toEqual({
    resting: { oid: 700000000001, cloid: CLOID },
  });
  expect(bob.place(limit({ b: false, p: "63000", s: "0.0004", tif: "Ioc" }))).toEqual({
    filled: { totalSz: "0.0004", avgPx: "64000.0", oid: 700000000002 },
  });
  expect(alice.act({ type: "cancelByCloid", cancels: [{ asset: 0, cloid: CLOID }] })).toEqual({
    status: "ok",
    response: { type: "cancel", data: { statuses: ["success"] } },
  });
  expect(alice.heard("orderUpdates")).toMatchObject([
    [{ status: "open", order: { sz: "0.001", oid: 700000000001, cloid: CLOID } }],
    [{ status: "canceled", order: { sz: "0.0006", origSz: "0.001" } }],
  ]);
  expect(alice.heard("userFills")).toMatchObject([
    { isSnapshot: true, fills: [] },
    {
      user: ALICE,
      fills: [
        {
          px: "64000.0",
          sz: "0.0004",
          side: "B",
          crossed: false,
          dir: "Open Long",
          fee: "0.00384",
        },
      ],
    },
  ]);
});

it("gives every block a later time, also when the wall steps back", () => {
  const at = openExchange();
  const alice = new Desk(at, ALICE);
  const times = [0, 0, -60_000, 0].map((step) => {
    at.clock.stepWall(step);
    alice.pass();
    return at.exchange.truth().atMs;
  });
  expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
});
