import type { Answer, Query, Report } from "@cloister/model";
import { ZERO } from "@cloister/model";
import { describe, expect, it } from "vitest";
import type { BudgetName, BudgetView } from "../budgets/budget-view.ts";
import type { EngineOptions } from "../options.ts";
import { calm } from "./scripted-venue.fixture.ts";
import {
  admitted,
  AT,
  OPEN,
  report,
  resting,
  rig,
  type Rig,
  SPEC,
  SUCCESS,
  told,
} from "./rig.fixture.ts";

const EXHAUSTED: Answer = {
  admission: "notAdmitted",
  reason: "addressBudget",
  text: "Too many cumulative requests sent (20 > 20) for cumulative volume traded $0.0.",
  budget: { sent: 20, cap: 20 },
};

function budgetOf(used: number, cap: number): (query: Query) => Report {
  return (query) =>
    query.kind === "budget" ? { kind: "budget", used, cap, surplus: 0, volume: ZERO } : calm(query);
}

/** An engine whose account has used so much of its budget, as the venue says at the start. */
async function budgeted(
  used: number,
  cap: number,
  options: Partial<EngineOptions> = {},
): Promise<Rig> {
  const limits = { budgetEveryMs: 60_000, ...options.limits };
  return rig({ ...options, limits }, (venue) => {
    venue.answers = budgetOf(used, cap);
  });
}

function view({ engine }: Rig, name: BudgetName): BudgetView | undefined {
  return engine.budgets.find((budget) => budget.name === name);
}

const placed = ({ venue }: Rig): number =>
  venue.written.filter(({ action }) => action.kind === "place").length;

describe("the account's budget of requests", () => {
  it("situation 119: is read at the start and now and then, and counted in between", async () => {
    const all = await budgeted(100, 10_000);
    const { clock, engine, venue } = all;
    expect(view(all, "address")).toMatchObject({ used: 100, limit: 10_000, left: 9_900 });
    engine.placeMany([SPEC, SPEC, SPEC]);
    venue.replies(admitted(resting(7), resting(8), resting(9)));
    expect(view(all, "address")).toMatchObject({ used: 103, perMinute: 3 });
    venue.answers = budgetOf(150, 10_000);
    clock.advanceBy(60_000);
    expect(view(all, "address")).toMatchObject({ used: 150, perMinute: 0 });
  });

  it("situation 119: when it runs out submits stop first, with a reason; cancels and noops go on", async () => {
    const all = await budgeted(0, 20);
    const { clock, engine, venue } = all;
    const orders = Array.from({ length: 18 }, () => engine.place(SPEC));
    for (const [index, written] of [...venue.written].entries()) {
      venue.replies(admitted(resting(7 + index)), written);
    }
    expect(placed(all)).toBe(18);
    const late = engine.place(SPEC);
    expect(late.view(), "two are left for what must not wait").toMatchObject({ state: "pending" });
    clock.advanceBy(1_000);
    expect(await late.acknowledged).toEqual({ kind: "refused", by: "local", reason: "budget" });
    expect(placed(all)).toBe(18);
    for (const order of orders) void order.cancel();
    const cancels = venue.written.filter(({ action }) => action.kind === "cancel");
    expect(cancels).toHaveLength(18);
    for (const written of cancels) venue.replies(admitted(SUCCESS), written);
    expect(view(all, "address")).toMatchObject({ used: 36, limit: 20, left: 0 });
  });

  it("situation 119: a modify waits like a place, and ends with the same reason", async () => {
    const all = await budgeted(0, 20);
    const { clock, engine, venue } = all;
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    engine.placeMany(Array.from({ length: 17 }, () => SPEC));
    const modified = order.modify({ price: "63990" });
    clock.advanceBy(1_000);
    expect(await modified).toEqual({ kind: "refused", by: "local", reason: "budget" });
  });

  it("situation 119: one request in ten seconds still goes, so that a taker order may earn more", async () => {
    const limits = { queueMs: 60_000, expiresAfterMs: 60_000 };
    const all = await budgeted(20, 20, { limits });
    const { clock, engine, venue } = all;
    engine.place(SPEC);
    expect(placed(all)).toBe(1);
    venue.replies(admitted(resting(7)));
    engine.place(SPEC);
    engine.placeMany([SPEC, SPEC]);
    clock.advanceBy(9_999);
    expect(placed(all)).toBe(1);
    clock.advanceBy(1);
    expect(placed(all)).toBe(2);
    venue.replies(admitted(resting(8)));
    clock.advanceBy(30_000);
    expect(placed(all), "a batch is more than one").toBe(2);
  });

  it("situations 23, 119: a refusal is believed at once, asked about, and nothing storms on", async () => {
    const all = await budgeted(0, 10_000);
    const { clock, engine, venue } = all;
    const order = engine.place(SPEC);
    venue.answers = budgetOf(20, 20);
    venue.replies(EXHAUSTED);
    expect(order.view()).toMatchObject({ state: "rejected", cause: "addressBudget" });
    expect(view(all, "address")).toMatchObject({ limit: 20, used: 19 });
    const next = engine.place(SPEC);
    expect(next.view().state).toBe("pending");
    clock.advanceBy(1_000);
    expect(next.view()).toMatchObject({ state: "rejected", cause: "budget" });
    expect(view(all, "address")).toMatchObject({ limit: 20, used: 20, left: 0 });
    expect(placed(all)).toBe(1);
  });

  it("situation 119: the forecast tells when it runs out, and an alarm comes before it does", async () => {
    const all = await budgeted(0, 1_000, { limits: { budgetEveryMs: 3_600_000 } });
    const { alarms, clock, engine, venue } = all;
    const forecasts: (number | undefined)[] = [];
    engine.budget$.subscribe((budgets) => {
      forecasts.push(budgets.find(({ name }) => name === "address")?.runsOutInMs);
    });
    expect(forecasts).toEqual([undefined]);
    let refusedAtMs: number | undefined;
    for (let second = 0; second < 200 && refusedAtMs === undefined; second += 1) {
      const orders = engine.placeMany(Array.from({ length: 10 }, () => ({ ...SPEC, tif: "Alo" })));
      const [written] = venue.written.splice(0);
      if (written !== undefined) {
        const statuses = orders.map((_, index) => resting(1 + second * 10 + index));
        venue.replies(admitted(...statuses), written);
      }
      clock.advanceBy(1_000);
      if (orders[0]?.view().cause === "budget") refusedAtMs = clock.monotonicMs();
    }
    const low = alarms.filter(({ name }) => name === "budgetLow");
    expect(low.some(({ text }) => text.startsWith("address:"))).toBe(true);
    const [first] = low;
    expect(first?.text).toMatch(/left.*per minute.*runs out in.*taker/);
    expect(refusedAtMs).toBeGreaterThan(85_000);
    // Ten a second: the present rate is told exactly.
    const known = forecasts.flatMap((forecast) => forecast ?? []);
    expect(known.some((forecast) => forecast > 30_000 && forecast < 60_000)).toBe(true);
  });
});

describe("budgets of the network address", () => {
  it("situation 23: HTTP 429 holds back places that go by REST, not cancels, for ten seconds", async () => {
    const all = await rig({
      limits: {
        restOnlyAfter: 1,
        restCooldownMs: 600_000,
        queueMs: 60_000,
        expiresAfterMs: 60_000,
      },
    });
    const { clock, engine, venue } = all;
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    const lost = engine.place(SPEC);
    venue.replies({ admission: "unknown", text: "502" });
    venue.says(told(lost.cloid, 8, OPEN));
    const third = engine.place(SPEC);
    expect(venue.written.at(-1)).toMatchObject({ mouth: "rest" });
    venue.replies({ admission: "notAdmitted", reason: "throttled", text: "429" });
    venue.says(told(third.cloid, 9, OPEN));
    const before = placed(all);
    engine.place(SPEC);
    void order.cancel();
    expect(placed(all)).toBe(before);
    expect(venue.written.at(-1)?.action.kind).toBe("cancel");
    clock.advanceBy(10_100);
    expect(placed(all)).toBe(before + 1);
  });

  it("situation 119: messages by socket are counted by the minute; what is left over is for cancels", async () => {
    const all = await rig({ limits: { socketMessages: 20, inFlightMax: 100 } });
    const { clock, engine, venue } = all;
    const orders = Array.from({ length: 20 }, () => engine.place(SPEC));
    expect(placed(all)).toBe(18);
    expect(view(all, "socketMessages")).toMatchObject({ used: 18, left: 2, limit: 20 });
    for (const [index, written] of [...venue.written].entries()) {
      venue.replies(admitted(resting(7 + index)), written);
    }
    void orders[0]?.cancel();
    expect(venue.written.at(-1)?.action.kind).toBe("cancel");
    clock.advanceBy(1_000);
    expect(orders[19]?.view()).toMatchObject({ state: "rejected", cause: "budget" });
    clock.advanceBy(59_000);
    engine.place(SPEC);
    expect(placed(all)).toBe(19);
  });

  it("situation 119: posts that await their answer are bounded, and those that the venue refuses back off", async () => {
    const all = await rig({
      limits: { postsMax: 10, cancelReserve: 4, inFlightMax: 100, queueMs: 60_000 },
    });
    const { clock, engine, venue } = all;
    for (let count = 0; count < 8; count += 1) engine.place(SPEC);
    expect(placed(all)).toBe(6);
    venue.replies(admitted(resting(7)), venue.written[0]);
    expect(placed(all)).toBe(7);
    const text = "too many pending post requests id=7";
    venue.replies({ admission: "notAdmitted", reason: "tooManyPosts", text }, venue.written[1]);
    expect(placed(all), "the venue counts more than we do").toBe(7);
    clock.advanceBy(1_100);
    expect(placed(all)).toBe(8);
  });

  it("situation 119: looks that only compare slow down before trading is held back", async () => {
    const looks = async (weight: number): Promise<number> => {
      const limits = { reconcileOrdersMs: 1_000, restWeight: weight };
      const all = await rig({ limits });
      all.clock.advanceBy(120_000);
      return all.venue.readsOf("openOrders");
    };
    expect(await looks(100_000)).toBeGreaterThan(100);
    const few = await looks(1_200);
    // Three quarters of the weight, twenty for each list: forty-five a minute.
    expect(few).toBeLessThanOrEqual(92);
    expect(few).toBeGreaterThan(60);
  });
});

describe("the ceiling of open orders", () => {
  const STOP = {
    ...SPEC,
    side: "sell",
    reduceOnly: true,
    trigger: { price: "60000", kind: "sl", market: true },
  } as const;

  it("situation 120: reduce-only and trigger orders beyond it are refused here, others at the greater one", async () => {
    const all = await rig({ limits: { openOrdersBase: 3, openOrdersMax: 5, inFlightMax: 100 } });
    const { engine, venue } = all;
    const orders = engine.placeMany([SPEC, SPEC]);
    venue.replies(admitted(resting(7), resting(8)));
    const stop = engine.place(STOP);
    expect(stop.view().state).toBe("pending");
    expect(engine.place(STOP).view()).toMatchObject({
      state: "rejected",
      cause: "tooManyOpenOrders",
    });
    expect(engine.place(SPEC).view(), "no volume lifts it").toMatchObject({
      cause: "tooManyOpenOrders",
    });
    expect(engine.place({ ...SPEC, tif: "Ioc" }).view().state, "it never rests").toBe("pending");
    const before = venue.written.length;
    void orders[0]?.cancel();
    expect(venue.written.length).toBe(before + 1);
    expect(view(all, "openOrders")).toMatchObject({ used: 4, limit: 3 });
  });

  it("situation 120: a group is judged as a whole, by the place of each in it", async () => {
    const { engine, venue } = await rig({ limits: { openOrdersBase: 3 } });
    const fits = engine.placeMany([SPEC, SPEC, STOP]);
    expect(fits.map((order) => order.view().state)).toEqual(["pending", "pending", "pending"]);
    const beyond = engine.placeMany([{ ...SPEC, tif: "Ioc" }, STOP]);
    expect(beyond.map((order) => order.view().cause)).toEqual([
      "tooManyOpenOrders",
      "tooManyOpenOrders",
    ]);
    expect(venue.written).toHaveLength(1);
  });

  it("situation 120: orders of others on the account count as well, volume lifts it, an alarm tells", async () => {
    const all = await rig(
      {
        limits: {
          openOrdersBase: 10,
          openOrdersMax: 50,
          reconcileOrdersMs: 1_000,
          budgetEveryMs: 60_000,
        },
      },
      (venue) => {
        venue.answers = budgetOf(0, 10_000);
      },
    );
    const { alarms, clock, engine, venue } = all;
    venue.answers = (query) =>
      query.kind === "openOrders"
        ? {
            kind: "openOrders",
            orders: Array.from({ length: 9 }, (_, index) =>
              report(undefined, 100 + index, OPEN, { at: AT }),
            ),
          }
        : budgetOf(0, 10_000)(query);
    clock.advanceBy(3_000);
    expect(view(all, "openOrders")).toMatchObject({ used: 9, limit: 10 });
    expect(alarms.map(({ text }) => text).join()).toMatch(/openOrders: 1 of 10 left.*reduce-only/);
    engine.place(SPEC);
    expect(engine.place(STOP).view()).toMatchObject({ cause: "tooManyOpenOrders" });
  });
});
