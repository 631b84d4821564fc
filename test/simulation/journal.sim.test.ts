import { memoryJournal } from "@cloister/journal";
import { describe, expect, it } from "vitest";
import { settle, world } from "./world.ts";

describe("the journal of a run", () => {
  it("records every input before it is acted on, numbered as the ticks are, as plain JSON", async () => {
    const journal = memoryJournal({ mark: "c1015700" });
    const { clock, engine } = await world({ exchange: { crowd: false }, engine: { journal } });
    const ticks: number[] = [];
    engine.ticks$.subscribe(({ sequence, input }) => {
      ticks.push(sequence);
      expect({ before: "", ...journal.records().at(-1) }).toEqual({
        before: expect.any(String),
        sequence,
        atMs: expect.any(Number),
        monotonicMs: expect.any(Number),
        input: JSON.parse(JSON.stringify(input)),
      });
    });
    const spec = { coin: "BTC", side: "buy", price: "50000", size: "0.001", tif: "Gtc" } as const;
    const order = engine.place(spec);
    expect(order.cloid.slice(2, 10)).toBe("c1015700");
    await settle(clock, order.acknowledged);
    await settle(clock, order.cancel());
    clock.advanceBy(5_000);
    const records = journal.records();
    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, index) => index + 1));
    expect(records.slice(-ticks.length).map(({ sequence }) => sequence)).toEqual(ticks);
    const kinds = new Set(records.map(({ input }) => input.kind));
    expect([...kinds].sort()).toEqual(["command", "deadline", "signed", "started", "venue"]);
    await settle(clock, engine.close());
  });
});
