import { describe, expect, it } from "vitest";
import { createEngine } from "../create-engine.ts";
import type { EngineOptions } from "../options.ts";
import type { RiskOptions } from "../restraints/risk-options.ts";
import { ScriptedVenue } from "./scripted-venue.fixture.ts";
import {
  admitted,
  AT,
  CANCELED,
  OPEN,
  report,
  resting,
  rig,
  type Rig,
  SPEC,
  told,
  traded,
} from "./rig.fixture.ts";

/** Takes no more than this of the position to either side. */
async function limited(risk: RiskOptions, more: Partial<EngineOptions> = {}): Promise<Rig> {
  return rig({ risk, ...more });
}

const ONE = { ...SPEC, size: "1" };
const SELL = { ...ONE, side: "sell" } as const;

describe("limits of ours: the position in the worst case", () => {
  it("situation 124: counts what is open, pending and doubtful; each refusal says by which numbers", async () => {
    const { engine, venue, clock } = await limited({ maxPosition: { BTC: "3" } });
    venue.answers = () => undefined;
    engine.place(ONE);
    venue.replies(admitted(resting(7)));
    const doubtful = engine.place(ONE);
    clock.advanceBy(5_000);
    expect(doubtful.view().requests).toMatchObject([{ state: "closing" }]);
    engine.place(ONE);
    expect(engine.exposure).toMatchObject([{ coin: "BTC", min: "0", max: "3" }]);
    const beyond = engine.place({ ...ONE, size: "0.001" });
    expect(await beyond.acknowledged).toEqual({
      kind: "refused",
      by: "local",
      reason: "position",
      text: "BTC could become 3.001; maxPosition is 3",
    });
    expect(engine.place({ ...ONE, coin: "ETH", price: "2000" }).view().state).toBe("pending");
    expect(engine.place(SELL).view().state, "the other side is free").toBe("pending");
    expect(engine.exposure[0], "what was refused counts nothing").toMatchObject({ max: "3" });
  });

  it("situation 124: both legs of a modify count until it is proved what became of them", async () => {
    const { engine, venue } = await limited({ maxPosition: { "*": "3" } });
    venue.answers = () => undefined;
    const order = engine.place(ONE);
    venue.replies(admitted(resting(7)));
    const grown = order.modify({ leaves: "2.5" });
    expect(await grown).toEqual({
      kind: "refused",
      by: "local",
      reason: "position",
      text: "BTC could become 3.5; maxPosition is 3",
    });
    void order.modify({ leaves: "2", price: "63990" });
    expect(venue.written.at(-1)?.action.kind).toBe("modify");
    expect(engine.exposure).toMatchObject([{ max: "3" }]);
    expect(engine.place({ ...ONE, size: "0.001" }).view()).toMatchObject({ cause: "position" });
    venue.replies(admitted(resting(8)));
    venue.says(told(order.cloid, 7, CANCELED, { left: "1", size: "1", at: AT + 5 }));
    expect(engine.exposure).toMatchObject([{ max: "2" }]);
    expect(engine.place(ONE).view().state).toBe("pending");
  });

  it("situation 124: what rests less, and what is canceled, is never in the way", async () => {
    const { engine, venue } = await limited({ maxPosition: { BTC: "1" } });
    venue.answers = () => undefined;
    const order = engine.place(ONE);
    venue.replies(admitted(resting(7)));
    void order.modify({ leaves: "0.5" });
    expect(venue.written.at(-1)?.action.kind).toBe("modify");
    venue.replies(admitted(resting(8)));
    void order.cancel();
    expect(venue.written.at(-1)?.action.kind).toBe("cancel");
  });

  it("situation 124: a leg that revives after its order was reaped counts again", async () => {
    const { engine, venue, clock } = await limited(
      { maxPosition: { BTC: "1.5" } },
      { onRevived: "keep" },
    );
    const order = engine.place(ONE);
    venue.replies(admitted(resting(7)));
    void order.cancel();
    venue.replies(admitted({ kind: "success" }));
    venue.says(told(order.cloid, 7, CANCELED, { left: "1", size: "1", at: AT + 5 }));
    clock.advanceBy(60_000);
    expect(engine.order(order.cloid)).toBeUndefined();
    const row = report(order.cloid, 9, OPEN, { left: "1", size: "1", at: AT + 90_000 });
    venue.says({ type: "order", report: row });
    expect(engine.exposure).toMatchObject([{ max: "1" }]);
    expect(engine.place(ONE).view()).toMatchObject({ cause: "position" });
  });

  it("situation 124: the side that shrinks the position is free, beyond zero it is judged by the other bound", async () => {
    const { engine, venue } = await limited({ maxPosition: { BTC: "2" } });
    venue.says(traded(70, 1, { size: "5" }));
    expect(engine.positions).toEqual([{ coin: "BTC", size: "5" }]);
    expect(engine.place({ ...ONE, size: "0.001" }).view()).toMatchObject({ cause: "position" });
    expect(engine.place({ ...SELL, size: "7" }).view().state).toBe("pending");
    expect(engine.place({ ...SELL, size: "0.001" }).view()).toMatchObject({
      cause: "position",
      state: "rejected",
    });
  });

  it("situation 124: what only reduces is never refused for the position; what it may free for others counts", async () => {
    const { engine, venue } = await limited({
      maxPosition: { BTC: "2" },
      maxOrderSize: { BTC: "2" },
    });
    venue.says(traded(70, 1, { size: "2" }));
    const reduce = { ...SELL, size: "5", reduceOnly: true };
    expect(engine.place(reduce).view().state).toBe("pending");
    // Reduced to nothing first, then sold: two short.
    expect(engine.place({ ...SELL, size: "2" }).view().state).toBe("pending");
    expect(engine.place({ ...SELL, size: "0.001" }).view()).toMatchObject({ cause: "position" });
  });

  it("situation 124: without a position to reduce it takes nothing away from the limit", async () => {
    const { engine } = await limited({ maxPosition: { BTC: "2" } });
    engine.place({ ...SELL, size: "5", reduceOnly: true });
    expect(engine.place({ ...SELL, size: "2" }).view().state).toBe("pending");
    expect(engine.place({ ...SELL, size: "0.001" }).view()).toMatchObject({ cause: "position" });
  });

  it("situation 124: one request, one fate: a batch beyond the limit is refused as a whole", async () => {
    const { engine, venue } = await limited({ maxPosition: { BTC: "2" } });
    const orders = engine.placeMany([ONE, ONE, ONE]);
    expect(orders.map((order) => order.view().cause)).toEqual(["position", "position", "position"]);
    expect(venue.written).toEqual([]);
    expect(engine.placeMany([ONE, ONE]).map((order) => order.view().state)).toEqual([
      "pending",
      "pending",
    ]);
  });
});

describe("limits of ours: the single order", () => {
  it("refuses by size, by value and by the number of open orders", async () => {
    const { engine, venue } = await limited({
      maxOrderSize: { BTC: "0.5", "*": "3" },
      maxOrderNotional: "30000",
      maxOpenOrders: 2,
    });
    expect(engine.place(ONE).view()).toMatchObject({ state: "rejected", cause: "orderSize" });
    expect(engine.place({ ...SPEC, size: "0.5" }).view()).toMatchObject({ cause: "orderNotional" });
    const ether = { ...SPEC, coin: "ETH", price: "2000", size: "3" };
    const order = engine.place(ether);
    venue.replies(admitted(resting(7)));
    expect(order.view().state).toBe("resting");
    expect(await order.modify({ leaves: "4" })).toMatchObject({
      reason: "orderSize",
      text: "size 4; maxOrderSize of ETH is 3",
    });
    engine.place(ether);
    expect(engine.place(ether).view()).toMatchObject({ cause: "openOrders" });
    void order.cancel();
    venue.says(told(order.cloid, 7, CANCELED, { left: "3", size: "3" }));
    expect(engine.place(ether).view().state).toBe("pending");
  });

  it("refuses a price that is too far from its reference, and says when there is none", async () => {
    let reference: string | undefined = "64000";
    const more = { referencePrice: () => reference };
    const { engine, venue, alarmed } = await limited({ priceBand: "0.05" }, more);
    const order = engine.place({ ...SPEC, price: "60800" });
    venue.replies(admitted(resting(7)));
    expect(order.view().state).toBe("resting");
    expect(await engine.place({ ...SPEC, price: "60790" }).acknowledged).toMatchObject({
      reason: "priceBand",
      text: "60790 is further than 0.05 of it from 64000",
    });
    expect(engine.place({ ...SPEC, price: "67210" }).view()).toMatchObject({ cause: "priceBand" });
    expect(await order.modify({ price: "67210" })).toMatchObject({ reason: "priceBand" });
    const trigger = { price: "50000", kind: "sl", market: true } as const;
    const stop = { ...SPEC, side: "sell", price: "49000", reduceOnly: true, trigger } as const;
    expect(engine.place(stop).view().state, "measured from its trigger").toBe("pending");
    for (const nothing of [undefined, "", "-1", "0", "much"]) {
      reference = nothing;
      expect(engine.place(SPEC).view()).toMatchObject({ cause: "noReferencePrice" });
    }
    expect(alarmed()).toEqual([]);
    void order.cancel();
    expect(venue.written.at(-1)?.action.kind).toBe("cancel");
  });

  it("situation 125: a reference that throws is told, and stays its own", async () => {
    const referencePrice = (): string => {
      throw new Error("no feed");
    };
    const { engine, venue, alarmed } = await limited({ priceBand: "0.05" }, { referencePrice });
    expect(engine.place(SPEC).view()).toMatchObject({ cause: "noReferencePrice" });
    venue.says();
    expect(alarmed()).toEqual(["subscriberFailed"]);
  });

  it("the reference is part of the command, so a replay asks nobody", async () => {
    const { engine, ticks } = await limited(
      { priceBand: "0.05" },
      { referencePrice: () => "64000" },
    );
    engine.place(SPEC);
    const input = ticks.find((tick) => tick.input.kind === "command")?.input;
    expect(input).toMatchObject({ command: { kind: "place", references: {} } });
    expect(JSON.stringify(input)).toContain('references":{"BTC"');
  });
});

describe("limits that are none", () => {
  it.each<[Partial<EngineOptions>, string]>([
    [{ risk: { priceBand: "0.05" } }, "referencePrice"],
    [{ risk: { priceBand: "-1" }, referencePrice: () => "1" }, "risk.priceBand"],
    [{ risk: { maxOrderSize: { BTC: "0" } } }, "maxOrderSize.BTC"],
    [{ risk: { maxPosition: { NOPE: "1" } } }, "risk.maxPosition"],
    [{ risk: { maxOpenOrders: 1.5 } }, "maxOpenOrders"],
    [{ risk: { maxOrderNotional: "many" } }, "maxOrderNotional"],
    [JSON.parse('{"risk":{"maxOrders":1}}'), "risk.maxOrders"],
    [JSON.parse('{"risk":7}'), "risk"],
  ])("%j is refused at the start", async (options, text) => {
    const venue = new ScriptedVenue();
    await expect(createEngine({ venue, ...options })).rejects.toThrow(text);
    await expect(createEngine({ venue, ...options })).rejects.toMatchObject({
      code: "invalidOption",
    });
  });
});
