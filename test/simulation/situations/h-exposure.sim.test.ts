import { describe, expect, it } from "vitest";
import { ACCOUNT, settle } from "../world.ts";
import { BID, hit, meeting, rested } from "./meeting.fixture.ts";
import { until } from "./told.fixture.ts";

describe("what could still fill", () => {
  const MINE = { account: ACCOUNT };

  it("situation 124: counts the position, open, pending, doubtful and both legs of a modify, and limits go by it", async () => {
    const at = await meeting({
      faults: [
        { what: "loseAction", to: { type: "order", ...MINE }, when: { afterMs: 5_000 }, times: 1 },
        { what: "loseAction", to: { type: "noop", ...MINE }, when: { untilMs: 14_000 } },
        { what: "loseAnswer", to: { type: "batchModify", ...MINE }, times: 1 },
        { what: "loseFrame", to: { channel: "orderUpdates", ...MINE, contains: "50010" } },
        { what: "loseFrame", to: { channel: "openOrders", ...MINE, contains: "50010" } },
      ],
      engine: {
        risk: { maxPosition: { BTC: "0.012" } },
        limits: { reconcileOrdersMs: 3_600_000, reconcileAccountMs: 3_600_000 },
      },
    });
    const { clock, engine } = at;
    const bounds = () => engine.exposure.map(({ position, min, max }) => [position, min, max]);
    const open = await rested(at);
    await hit(at);
    clock.advanceTo(5_000);
    expect(bounds()).toEqual([["0.0005", "0.0005", "0.002"]]);
    const doubtful = engine.place({ ...BID, price: "49000", size: "0.003" });
    expect(bounds()).toEqual([["0.0005", "0.0005", "0.005"]]);
    until(clock, () => engine.status.doubtful === 1);
    expect(bounds()).toEqual([["0.0005", "0.0005", "0.005"]]);
    // What is left of the old leg, and all of the new one.
    void open.modify({ price: "50010", leaves: "0.0025" });
    expect(bounds()).toEqual([["0.0005", "0.0005", "0.0075"]]);
    clock.advanceBy(1_000);
    expect(bounds()).toEqual([["0.0005", "0.0005", "0.0075"]]);
    const pending = engine.place({ ...BID, price: "48000", size: "0.004" });
    expect(bounds()).toEqual([["0.0005", "0.0005", "0.0115"]]);
    const sold = engine.place({ ...BID, side: "sell", price: "70000", size: "0.002" });
    expect(bounds()).toEqual([["0.0005", "-0.0015", "0.0115"]]);

    const beyond = engine.place({ ...BID, price: "47000", size: "0.0006" });
    expect(await settle(clock, beyond.acknowledged)).toMatchObject({
      ...{ kind: "refused", by: "local", reason: "position" },
      text: expect.stringContaining("0.0121"),
    });
    await rested(at, { price: "47000", size: "0.0005" });
    expect(await settle(clock, pending.cancel())).toMatchObject({ state: "canceled" });
    expect(await settle(clock, sold.cancel())).toMatchObject({ state: "canceled" });

    // What was lost never landed, and the old leg is gone: there is room again, and exactly as much.
    expect(await settle(clock, doubtful.closed)).toMatchObject({ state: "rejected" });
    until(clock, () => engine.status.doubtful === 0);
    clock.advanceBy(15_000);
    expect(bounds()).toEqual([["0.0005", "0.0005", "0.0035"]]);
    await rested(at, { price: "46000", size: "0.0085" });
    const last = engine.place({ ...BID, price: "45000", size: "0.0003" });
    expect(await settle(clock, last.acknowledged)).toMatchObject({ reason: "position" });
    // Neither of the two that were refused.
    expect(at.sent().filter((type) => type === "order")).toHaveLength(6);
    at.expectBooksAgree();
  });
});
