import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";

const SLICE_MS = 30_000;

let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;
beforeEach(() => {
  at = openExchange();
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
});

type Twap = { b?: boolean; s?: string; r?: boolean; m?: number; t?: boolean };
const order = ({ b = true, s = "0.11", r = false, m = 5, t = false }: Twap = {}) => ({
  type: "twapOrder",
  twap: { a: 0, b, s, r, m, t },
});
const running = (twapId: number) => ({
  status: "ok",
  response: { type: "twapOrder", data: { status: { running: { twapId } } } },
});
const failed = (error: string) => ({
  status: "ok",
  response: { type: "twapOrder", data: { status: { error } } },
});
/** On a socket of its own: one that was silent for a minute is gone. */
const offer = (p: string, s: string) => new Desk(at, BOB).place(limit({ b: false, p, s }));
const slices = () =>
  (
    alice.info({ type: "userTwapSliceFills", user: ALICE }) as {
      fill: { sz: string; hash: string; oid: number };
    }[]
  ).toReversed();
const history = () =>
  (
    alice.info({ type: "twapHistory", user: ALICE }) as {
      status: { status: string; description?: string };
      state: { executedSz: string; executedNtl: string };
    }[]
  ).map(({ status, state }) => [status.status, state.executedSz]);

describe("a TWAP", () => {
  it("buys in equal slices, one at once and one each half minute, and then is finished", () => {
    offer("64000", "1");
    expect(alice.act(order())).toEqual(running(1));
    alice.pass();
    expect(slices().map(({ fill }) => fill.sz)).toEqual(["0.01"]);
    for (let slice = 2; slice <= 11; slice += 1) {
      alice.clock.advanceBy(SLICE_MS);
      expect(slices()).toHaveLength(slice);
    }
    expect(slices().every(({ fill }) => fill.sz === "0.01")).toBe(true);
    expect(history()).toEqual([
      ["finished", "0.11"],
      ["activated", "0.0"],
    ]);
    alice.clock.advanceBy(5 * SLICE_MS);
    expect(slices()).toHaveLength(11);
    expect(at.exchange.truth(ALICE).accounts[0]?.positions).toEqual({ BTC: "0.11" });
  });

  it("shows its slices as fills and orders of its own kind", () => {
    offer("64000", "1");
    alice.act(order());
    alice.pass();
    expect(alice.info({ type: "userFills", user: ALICE })).toMatchObject([
      { sz: "0.01", twapId: 1, crossed: true, hash: `0x${"0".repeat(64)}` },
    ]);
    expect(bob.info({ type: "userFills", user: BOB })).toMatchObject([{ twapId: null }]);
    const [record] = alice.info({ type: "historicalOrders", user: ALICE }) as object[];
    expect(record).toMatchObject({ status: "filled", order: { orderType: "Twap Slice" } });
  });

  it("catches up what nobody sold, with slices three times as large at most", () => {
    alice.act(order());
    alice.clock.advanceBy(4 * SLICE_MS);
    expect(slices()).toEqual([]);
    offer("64000", "1");
    alice.clock.advanceBy(SLICE_MS);
    alice.clock.advanceBy(SLICE_MS);
    expect(slices().map(({ fill }) => fill.sz)).toEqual(["0.03", "0.03"]);
    alice.clock.advanceBy(SLICE_MS);
    expect(slices().at(-1)?.fill.sz).toBe("0.02");
  });

  it("varies its slices by a fifth when asked to, and still buys all of it", () => {
    offer("64000", "1");
    alice.act(order({ t: true }));
    for (let slice = 0; slice < 11; slice += 1) alice.clock.advanceBy(SLICE_MS);
    const sizes = slices().map(({ fill }) => Number(fill.sz));
    expect(new Set(sizes).size).toBeGreaterThan(1);
    expect(Math.min(...sizes.slice(0, 1))).toBeGreaterThanOrEqual(0.008);
    expect(history()[0]).toEqual(["finished", "0.11"]);
  });

  it("does not buy further than three percent from the mark price", () => {
    offer("65921", "1");
    alice.act(order());
    alice.pass();
    expect(slices()).toEqual([]);
    offer("65919", "1");
    alice.clock.advanceBy(SLICE_MS);
    expect(slices()).toHaveLength(1);
  });

  it("ends with an error when its slices can no longer be paid", () => {
    offer("64000", "70");
    alice.act({ type: "updateLeverage", asset: 0, isCross: true, leverage: 1 });
    expect(alice.act(order({ s: "60" }))).toEqual(running(1));
    alice.clock.advanceBy(11 * SLICE_MS);
    const [last] = alice.info({ type: "twapHistory", user: ALICE }) as object[];
    expect(last).toMatchObject({
      status: { status: "error", description: "Insufficient margin to place order. asset=0" },
    });
    expect(at.exchange.truth(ALICE).accounts[0]?.positions["BTC"]).toBe("10.90909");
  });

  it("is canceled by its own account alone, once, and with its asset", () => {
    offer("64000", "1");
    alice.act(order());
    const cancel = { type: "twapCancel", a: 0, t: 1 };
    const gone = {
      status: "ok",
      response: {
        type: "twapCancel",
        data: { status: { error: "TWAP was never placed, already canceled, or filled." } },
      },
    };
    expect(bob.act(cancel)).toEqual(gone);
    expect(alice.act({ ...cancel, a: 1 })).toEqual(gone);
    expect(alice.act(cancel)).toMatchObject({ response: { data: { status: "success" } } });
    expect(alice.act(cancel)).toEqual(gone);
    const before = slices().length;
    alice.clock.advanceBy(3 * SLICE_MS);
    expect(slices()).toHaveLength(before);
    expect(history()[0]?.[0]).toBe("terminated");
  });

  it.each([
    ["too short", { m: 4 }, "Invalid TWAP duration: 4 min(s)"],
    ["too long", { m: 1441 }, "Invalid TWAP duration: 1441 min(s)"],
    ["too small", { s: "0.0015" }, "TWAP order value too small. Min is $100."],
    ["of half a lot", { s: "0.110001" }, "Order has invalid size."],
    ["of nothing", { s: "0" }, "Order has zero size."],
    ["reducing nothing", { r: true }, "Reduce-only TWAP order would increase position."],
  ])("is refused: %s", (_, terms, text) => {
    expect(alice.act(order(terms))).toEqual(failed(text));
    expect(history()).toEqual([]);
  });
});
