import type { Query, Report } from "@cloister/model";
import { describe, expect, it } from "vitest";
import {
  admitted,
  CANCELED,
  OPEN,
  resting,
  rig,
  SPEC,
  SUCCESS,
  told,
  traded,
} from "./rig.fixture.ts";
import { calm } from "./scripted-venue.fixture.ts";

const UNKNOWN = { kind: "unknown" } as const;

async function withResting(options: Parameters<typeof rig>[0] = {}) {
  const all = await rig(options);
  const order = all.engine.place(SPEC);
  all.venue.replies(admitted(resting(7)));
  return { ...all, order };
}

describe("what is held", () => {
  it("an oid that only an unknown word named is forgotten with its order, and still answers from the grave", async () => {
    const { core, venue, clock, order, alarmed } = await withResting();
    venue.says(told(order.cloid, 6, UNKNOWN, { raw: "resting on its laurels" }));
    expect(core.sizes()["oids"]).toBe(2);
    venue.says(told(order.cloid, 7, CANCELED));
    clock.advanceBy(10_000);
    expect(core.sizes()).toMatchObject({ orders: 0, oids: 0 });
    venue.says(traded(6, 1));
    expect(alarmed().at(-1)).toBe("lateFill");
  });

  it("legs that were folded into one sum are forgotten with their order; their late fills are its own", async () => {
    const { core, venue, clock, order, alarmed, engine } = await withResting();
    for (let oid = 8; oid < 108; oid += 1) {
      venue.says(told(order.cloid, oid, OPEN, { at: 1_700_000_000_000 + oid }));
      venue.says(told(order.cloid, oid - 1, CANCELED, { at: 1_700_000_000_000 + oid }));
    }
    venue.says(told(order.cloid, 107, CANCELED));
    clock.advanceBy(10_000);
    expect(core.sizes()).toMatchObject({ orders: 0, oids: 0, deadlines: 0 });
    const fills: unknown[] = [];
    engine.fills$.subscribe((fill) => fills.push(fill.cloid));
    venue.says(traded(8, 1));
    expect(alarmed().filter((name) => name === "contradicted")).toEqual([]);
    expect(alarmed().at(-1)).toBe("lateFill");
    expect(fills).toEqual([order.cloid]);
  });

  it("a search that a late fill ended leaves nothing behind", async () => {
    const { core, venue, clock, order } = await withResting();
    venue.says(told(order.cloid, 7, CANCELED, { left: "0.0004" }));
    clock.advanceBy(11_000);
    expect(core.sizes()["searches"]).toBe(1);
    venue.says(traded(7, 1, { size: "0.0006" }));
    clock.advanceBy(30_000);
    expect(core.sizes()).toMatchObject({ orders: 0, searches: 0, deadlines: 0 });
  });

  it("a list of fills that is always cut ends the search by name, and exposure keeps what may be missing", async () => {
    const { engine, core, venue, clock, order, alarmed } = await withResting();
    venue.answers = (query: Query): Report =>
      query.kind === "fills" ? { kind: "fills", fills: [], complete: false } : calm(query);
    // The answer ends the leg and says nothing of what it filled.
    void order.cancel();
    venue.replies(admitted(SUCCESS));
    clock.advanceBy(30_000);
    expect(order.view()).toMatchObject({ state: "canceled", ledger: "open" });
    clock.advanceBy(60_000);
    expect(alarmed()).toEqual(["ledgerIncomplete"]);
    expect(await order.closed).toMatchObject({ ledger: "incomplete" });
    expect(core.sizes()).toMatchObject({ orders: 0, searches: 0 });
    expect(engine.exposure).toMatchObject([{ coin: "BTC", position: "0", max: "0.001" }]);
  });
});
