import type { Query } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { admitted, AT, resting, rig, type Rig, SPEC, traded } from "./rig.fixture.ts";
import { calm } from "./scripted-venue.fixture.ts";

const SPENT = { admission: "nonceSpent", how: "duplicate", text: "duplicate nonce" } as const;

/** Requests of which only reads can tell what became of them. */
function doubts({ engine, venue }: Rig, count: number) {
  const orders = Array.from({ length: count }, () => engine.place(SPEC));
  for (const written of venue.written.splice(0)) venue.replies(SPENT, written);
  return orders;
}

function kinds({ venue }: Rig): readonly Query["kind"][] {
  return venue.asked.map(({ query }) => query.kind);
}

describe("reads that several wait for", () => {
  it("situation 23: doubts of one moment share their lists and their window of fills", async () => {
    const all = await rig();
    const { clock, engine, venue } = all;
    const before = [venue.readsOf("openOrders"), venue.readsOf("fills")];
    const orders = doubts(all, 8);
    clock.advanceBy(6_100);
    const ends = await Promise.all(
      orders.map(async ({ acknowledged }) => (await acknowledged).kind),
    );
    expect(ends).toEqual(Array(8).fill("refused"));
    expect(engine.status.doubtful).toBe(0);
    const after = [venue.readsOf("openOrders"), venue.readsOf("fills")];
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([2, 1]);
  });

  it("situation 23: after HTTP 429 nothing is asked, then one question, then what it left open", async () => {
    const all = await rig();
    const { clock, venue } = all;
    venue.answers = () => undefined;
    const orders = doubts(all, 3);
    expect(kinds(all)).toEqual(["orderStatus", "orderStatus", "orderStatus"]);
    for (const { read } of venue.asked.splice(0)) {
      venue.says({ type: "read.failed", read, reason: "HTTP 429", throttled: true });
    }
    clock.advanceBy(999);
    expect(kinds(all)).toEqual([]);
    clock.advanceBy(1_001);
    expect(kinds(all), "the look was due, and one question tries").toEqual(["orderStatus"]);
    venue.answers = calm;
    const [probe] = venue.asked.splice(0);
    venue.says({ type: "read.answered", read: probe?.read ?? 0, report: { kind: "orderStatus" } });
    clock.advanceBy(8_000);
    const ends = await Promise.all(
      orders.map(async ({ acknowledged }) => (await acknowledged).kind),
    );
    expect(ends).toEqual(Array(3).fill("refused"));
  });

  it("situation 23: without weight a doubt waits for it and is then decided; a cancel does not wait", async () => {
    const all = await rig({ limits: { restWeight: 60 } });
    const { clock, engine, venue } = all;
    const other = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    venue.written.splice(0);
    const [order] = doubts(all, 1);
    clock.advanceBy(30_000);
    expect(order?.view().state, "the recovery has used it").toBe("pending");
    void other.cancel();
    expect(venue.written.map(({ action }) => action.kind)).toEqual(["cancel"]);
    clock.advanceBy(150_000);
    expect(engine.status.doubtful).toBe(0);
    expect(engine.budgets.find(({ name }) => name === "restWeight")?.used).toBeLessThanOrEqual(60);
  });

  it("a window of fills begins where the last whole one ended, with a shorter overlap where there are many", async () => {
    const all = await rig({ limits: { reconcileAccountMs: 30_000, restWeight: 1_000_000 } });
    const { clock, venue } = all;
    const windows: number[] = [];
    let now = AT;
    venue.answers = (query) => {
      if (query.kind === "fills") windows.push(now - query.fromMs);
      return calm(query);
    };
    for (let tid = 1; tid <= 2_400; tid += 1) {
      clock.advanceBy(50);
      now += 50;
      venue.says(traded(7, tid, { size: "0.0001", at: now }));
    }
    expect(windows.length).toBeGreaterThan(2);
    // Twenty a second: four hundred rows are twenty seconds, and the look itself is thirty apart.
    expect(Math.max(...windows.slice(1))).toBeLessThanOrEqual(50_100);
    expect(Math.min(...windows.slice(1))).toBeGreaterThanOrEqual(10_000);
  });
});
