import type { Engine } from "@cloister/engine";
import { seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { BID, hit, openAt, type Story, story, unheard } from "./story.fixture.ts";
import { ACCOUNT, OTHER, settle } from "./world.ts";

const MINE = { account: ACCOUNT } as const;
const GONE = "Order was never placed, already canceled, or filled. asset=0";

async function rested(faults: readonly object[], more: Parameters<typeof story>[1] = {}) {
  const all = await story(faults, more);
  const other = await all.engineFor(OTHER, { random: seededRandom(3) });
  const order = all.engine.place(BID);
  await settle(all.clock, order.acknowledged);
  all.clock.advanceBy(300);
  return { ...all, other, order };
}

async function bite(all: Story & { readonly other: Engine }, size: string): Promise<void> {
  await hit(all, all.other, { size });
  all.clock.advanceBy(300);
}

describe("cancels, over the real wire", () => {
  it.each([
    [51, []],
    [
      52,
      [{ what: "loseFrame", to: { channel: "orderUpdates", ...MINE }, when: { afterMs: 3_200 } }],
    ],
    [53, [{ what: "delayAnswer", ms: 2_000, to: { type: "cancel", ...MINE } }]],
    [61, [{ what: "loseAction", to: { type: "cancel" }, times: 1 }]],
    [62, [{ what: "scriptAnswer", error: GONE, to: { type: "cancel" }, times: 2 }]],
  ] as const)(
    "situation %i: whatever is lost or late on the way, it ends canceled, once",
    async (_number, faults) => {
      const all = await rested(faults);
      expect(await settle(all.clock, all.order.cancel())).toMatchObject({ state: "canceled" });
      expect(await settle(all.clock, all.order.closed)).toMatchObject({
        ...{ state: "canceled", filled: "0", ledger: "complete" },
      });
      expect(openAt(all)).toEqual([]);
      expect(all.alarms).toEqual([]);
    },
  );

  it.each([
    [54, "0.002", "filled"],
    [56, "0.0005", "canceled"],
    [57, "0.0005", "canceled"],
  ] as const)(
    "situation %i: %s is filled while the cancel is on its way: it ends %s",
    async (_number, size, state) => {
      const all = await rested([
        { what: "holdAction", ms: 1_000, to: { type: "cancel", ...MINE } },
      ]);
      const done = all.order.cancel();
      await bite(all, size);
      const waits = state === "canceled" ? [{ kind: "cancel" }] : [];
      expect(all.order.view().requests).toMatchObject(waits);
      expect(await settle(all.clock, done)).toMatchObject({ kind: "settled", state, filled: size });
      expect(openAt(all)).toEqual([]);
    },
  );

  it.each([58, 59])(
    "situation %i: canceled before the place is answered: found again and canceled",
    async (number) => {
      const hold = { what: "holdAction", ms: 700, to: { type: "order", ...MINE } };
      const late = { what: "delayAnswer", ms: 700, to: { type: "order", ...MINE } };
      const all = await story([number === 58 ? hold : late]);
      const order = all.engine.place(BID);
      all.clock.advanceBy(10);
      expect(await settle(all.clock, order.cancel())).toMatchObject({ state: "canceled" });
      all.clock.advanceBy(5_000);
      expect(openAt(all)).toEqual([]);
      expect(order.view().requests).toEqual([]);
    },
  );

  it("situation 55: a refusal with three meanings while the order lives decides nothing", async () => {
    const all = await rested([
      { what: "scriptAnswer", error: GONE, to: { type: "cancel" }, when: { untilMs: 9_000 } },
    ]);
    const done = all.order.cancel();
    all.clock.advanceBy(3_000);
    expect(all.order.view()).toMatchObject({ state: "resting", requests: [{ kind: "cancel" }] });
    expect(await settle(all.clock, done)).toMatchObject({ state: "canceled" });
    expect(openAt(all)).toEqual([]);
  });

  it("situation 60: canceled twice: one end, both told", async () => {
    const all = await rested([]);
    const both = Promise.all([all.order.cancel(), all.engine.cancel(all.order.cloid)]);
    expect(await settle(all.clock, both)).toMatchObject([
      { state: "canceled" },
      { state: "canceled" },
    ]);
  });

  it("situation 63: canceled while its place is doubtful: whichever proves first", async () => {
    const all = await story([
      { what: "loseAnswer", to: { type: "order", ...MINE } },
      ...unheard(15_000),
    ]);
    const order = all.engine.place(BID);
    all.clock.advanceBy(4_990);
    expect(await settle(all.clock, order.cancel())).toMatchObject({ kind: "settled" });
    expect(openAt(all)).toEqual([]);
    all.clock.advanceBy(10_000);
    expect(all.engine.status).toMatchObject({ doubtful: 0, inFlight: 0 });
  });

  it.each([
    ["marginCanceled", "margin"],
    ["vaultWithdrawalCanceled", "vaultWithdrawal"],
    ["openInterestCapCanceled", "openInterestCap"],
    ["selfTradeCanceled", "selfTrade"],
    ["reduceOnlyCanceled", "reduceOnly"],
    ["siblingFilledCanceled", "siblingFilled"],
    ["delistedCanceled", "delisted"],
    ["liquidatedCanceled", "liquidated"],
    ["scheduledCancel", "scheduled"],
    ["internalCancel", "internal"],
  ] as const)(
    "situation 67: canceled by the venue as %s: the cause is %s",
    async (status, cause) => {
      const all = await rested([]);
      const oid = all.order.view().oid ?? 0;
      all.exchange.market({ steps: [{ do: "cancelAs", account: ACCOUNT, oid, status }] });
      expect(await settle(all.clock, all.order.closed)).toMatchObject({ state: "canceled", cause });
    },
  );

  it("situation 69: refused again and again: alarmed once, and sent at a slow pace", async () => {
    const all = await rested([{ what: "scriptAnswer", error: GONE, to: { type: "cancel" } }]);
    const done = all.order.cancel();
    all.clock.advanceBy(300_000);
    expect(await settle(all.clock, done)).toMatchObject({ kind: "unresolved" });
    expect(all.alarmed().filter((name) => name === "cancelStuck")).toHaveLength(1);
    expect(all.order.view()).toMatchObject({ state: "resting", requests: [{ kind: "cancel" }] });
    expect(openAt(all)).toHaveLength(1);
  });
});

describe("modifies, over the real wire", () => {
  it.each([
    [70, "openFirst"],
    [71, "canceledFirst"],
  ] as const)(
    "situation %i: the updates come %s: one order, never ended in between",
    async (_number, modifyUpdates) => {
      const all = await rested([], { rules: { modifyUpdates } });
      const states = new Set<string>();
      all.order.changes$.subscribe(({ to }) => states.add(to));
      const done = all.order.modify({ price: "49990" });
      expect(await settle(all.clock, done)).toMatchObject({ kind: "accepted" });
      all.clock.advanceBy(500);
      expect([...states]).toEqual(["resting"]);
      expect(openAt(all)).toEqual([String(all.order.view().oid)]);
    },
  );

  it("situation 72: a fill of the new leg before anybody named it is booked", async () => {
    const all = await rested([
      { what: "delayAnswer", ms: 2_000, to: { type: "batchModify", ...MINE } },
      {
        what: "delayFrame",
        ms: 2_000,
        to: { channel: "orderUpdates", ...MINE },
        when: { afterMs: 3_400 },
      },
      { what: "loseFrame", to: { channel: "openOrders", ...MINE }, when: { afterMs: 3_400 } },
    ]);
    const done = all.order.modify({ price: "50010" });
    all.clock.advanceBy(300);
    await hit(all, all.other, { price: "50010", size: "0.0005" });
    all.clock.advanceBy(300);
    expect(all.order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expect(await settle(all.clock, done)).toMatchObject({ kind: "accepted" });
    expect(all.order.view()).toMatchObject({ filled: "0.0005", leaves: "0.0015" });
  });

  it.each([
    [74, "keepsOld", "resting", 1],
    [81, "losesOld", "canceled", 0],
  ] as const)(
    "situation %i: the replacement is refused and the venue %s: %s, as it is there",
    async (_number, invalidReplacement, state, open) => {
      const all = await rested([], { rules: { invalidReplacement } });
      await settle(
        all.clock,
        all.other.place({ ...BID, side: "sell", price: "50100" }).acknowledged,
      );
      const refused = await settle(all.clock, all.order.modify({ price: "50200" }));
      expect(refused).toMatchObject({ kind: "refused", by: "venue" });
      all.clock.advanceBy(5_000);
      expect(["reaped", state]).toContain(all.order.view().state);
      expect(openAt(all)).toHaveLength(open);
    },
  );

  it.each(["loseAnswer", "loseAction"])(
    "situation 75: its fate is unknown (%s): both legs are asked, no guess",
    async (what) => {
      const all = await rested([
        { what, to: { type: "batchModify" }, times: 1 },
        ...unheard(20_000),
      ]);
      const done = await settle(all.clock, all.order.modify({ price: "49990" }));
      expect(done.kind).toBe(what === "loseAnswer" ? "accepted" : "refused");
      all.clock.advanceBy(30_000);
      expect(all.order.view()).toMatchObject({
        state: "resting",
        price: what === "loseAnswer" ? "49990" : "50000",
      });
      expect(openAt(all)).toEqual([String(all.order.view().oid)]);
      expect(all.doubts).toHaveLength(1);
    },
  );

  it("situation 79, 80: canceled before the modify is answered: the new leg is canceled too, and none follows", async () => {
    const all = await rested([
      { what: "holdAction", ms: 700, to: { type: "batchModify", ...MINE } },
    ]);
    const modified = all.order.modify({ price: "49990" });
    all.clock.advanceBy(10);
    const canceled = all.order.cancel();
    expect(await settle(all.clock, all.order.modify({ price: "49980" }))).toMatchObject({
      reason: "cancelPending",
    });
    expect(await settle(all.clock, canceled)).toMatchObject({ state: "canceled" });
    expect((await settle(all.clock, modified)).kind).not.toBe("unresolved");
    expect(openAt(all)).toEqual([]);
  });
});
