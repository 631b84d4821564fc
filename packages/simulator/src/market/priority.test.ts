import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import { group, trigger } from "./groups.fixture.ts";

const POOR = [{ error: "Insufficient delegatable balance for priority order" }];
const MISFIT = [{ error: "Invalid priority grouping." }];
const alo = limit({ b: true, p: "63000", s: "0.01", tif: "Alo" });
const ioc = limit({ b: true, p: "64000", s: "0.01", tif: "Ioc" });

let alice: Desk;
let bob: Desk;

/** Alice has as much HYPE; 10 of it are worth 255. */
function begin(delegatable?: string): void {
  const at = openExchange({
    accounts: [
      { address: ALICE, deposit: "1000000", ...(delegatable === undefined ? {} : { delegatable }) },
      { address: BOB, deposit: "1000000" },
    ],
  });
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
}

const bid = (p: number, ...orders: object[]) => alice.statuses(group({ p }, orders));

describe("a batch that pays to go first", () => {
  beforeEach(() => begin("10"));

  it("is all Ioc, or all Alo that do not only reduce", () => {
    expect(bid(1, alo, alo)).toMatchObject([{ resting: {} }, { resting: {} }]);
    bob.place(limit({ b: false, p: "64000", s: "0.01" }));
    expect(bid(1, ioc)).toMatchObject([{ filled: {} }]);
    expect(bid(1, alo, ioc)).toEqual(MISFIT);
    expect(bid(1, limit({ b: true, p: "63000", s: "0.01", tif: "Gtc" }))).toEqual(MISFIT);
    const reducing = limit({ b: false, p: "65000", s: "0.01", tif: "Alo", r: true });
    expect(bid(1, reducing)).toEqual(MISFIT);
    expect(bid(1, trigger({ kind: "sl", px: "62000" }))).toEqual(MISFIT);
  });

  it("is refused whole when its worth could cost more than there is", () => {
    const most = (255 / 1_260) * 1e8;
    expect(bid(Math.ceil(most), alo, alo)).toEqual(POOR);
    expect(alice.info({ type: "openOrders", user: ALICE })).toEqual([]);
    expect(bid(Math.floor(most), alo, alo)).toMatchObject([{ resting: {} }, { resting: {} }]);
  });

  it("costs what it rests, or what it filled", () => {
    const third = Math.floor((85 / 630) * 1e8);
    for (let count = 0; count < 3; count += 1) {
      expect(bid(third, alo)).toMatchObject([{ resting: {} }]);
    }
    expect(bid(third, alo)).toEqual(POOR);
    begin("10");
    bob.place(limit({ b: false, p: "64000", s: "0.001" }));
    const half = Math.floor((130 / 640) * 1e8);
    expect(bid(half, ioc)).toMatchObject([{ filled: { totalSz: "0.001" } }]);
    expect(bid(half, alo)).toMatchObject([{ resting: {} }]);
  });

  it("costs nothing when it is refused while running", () => {
    const all = Math.floor((255 / 640) * 1e8);
    expect(bid(all, ioc)).toMatchObject([{ error: expect.stringContaining("match") as string }]);
    expect(bid(all, alo)).toMatchObject([{ resting: {} }]);
  });
});

it("is refused to those who staked nothing, and free where it bids nothing", () => {
  begin();
  expect(bid(1, alo)).toEqual(POOR);
  expect(bid(0, alo)).toMatchObject([{ resting: {} }]);
});
