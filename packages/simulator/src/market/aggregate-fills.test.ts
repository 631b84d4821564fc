import { expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import { aggregateFills } from "./aggregate-fills.ts";
import type { WireFill } from "./fill.ts";

const fill = (terms: Partial<WireFill>): WireFill => ({
  coin: "ETH",
  px: "2080.0",
  sz: "1.0",
  side: "B",
  time: 5,
  startPosition: "0.0",
  dir: "Open Long",
  closedPnl: "0.0",
  hash: "0x1",
  oid: 1,
  crossed: true,
  fee: "0.5",
  tid: 9,
  feeToken: "USDC",
  twapId: null,
  ...terms,
});

it("sums what one order took in one block, at the price it paid on average, and leaves dust out", () => {
  const [first, second, third] = [
    fill({ builderFee: "0.1", closedPnl: "1.0" }),
    fill({ px: "2081.0", sz: "2.0", tid: 10, fee: "1.0", builderFee: "0.2", closedPnl: "-0.25" }),
    fill({ px: "2082.0", time: 6, tid: 11 }),
  ];
  const maker = [fill({ oid: 2, crossed: false }), fill({ oid: 2, crossed: false, tid: 12 })];
  expect(aggregateFills([first, second, third, fill({ tid: 0 }), ...maker])).toEqual([
    {
      ...first,
      px: "2080.6666666666",
      sz: "3.0",
      fee: "1.5",
      builderFee: "0.3",
      closedPnl: "0.75",
    },
    third,
    ...maker,
  ]);
});

it("is what reads and the channel give to who asks for it", () => {
  const at = openExchange();
  const [alice, bob] = [new Desk(at, ALICE), new Desk(at, BOB)];
  for (const p of ["64000", "64010"]) bob.place(limit({ b: false, p, s: "0.001" }));
  alice.subscribe({ type: "userFills", user: ALICE, aggregateByTime: true });
  alice.place(limit({ b: true, p: "64010", s: "0.002" }));
  const one = { px: "64005.0", sz: "0.002", fee: "0.057604", startPosition: "0.0" };
  const user = ALICE;
  const aggregateByTime = true;
  expect(alice.info({ type: "userFills", user, aggregateByTime })).toMatchObject([one]);
  expect(alice.info({ type: "userFills", user })).toHaveLength(2);
  const span = { type: "userFillsByTime", user, startTime: 0 };
  expect(alice.info({ ...span, aggregateByTime })).toMatchObject([one]);
  expect(alice.info(span)).toHaveLength(2);
  expect(alice.heard("userFills")).toMatchObject([
    { isSnapshot: true, fills: [] },
    { fills: [one] },
  ]);
  const later = new Desk(at, ALICE);
  later.subscribe({ type: "userFills", user, aggregateByTime });
  expect(later.heard("userFills")).toMatchObject([{ isSnapshot: true, fills: [one] }]);
});
