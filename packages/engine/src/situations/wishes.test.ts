import { type Journal, type Logger, parseCoin, parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { admitted, AT, fillOf, resting, rig, settled, SPEC, traded } from "./rig.fixture.ts";
import { calm } from "./scripted-venue.fixture.ts";

const TWO = parseDecimal("0.002");

type Wishes = {
  readonly sweep: { readonly coin?: string };
  readonly end: { readonly orders?: "cancel" | "leave" };
  readonly ending: { readonly orders?: "cancel" | "leave" };
  readonly batch: { readonly grouping?: "na" };
  readonly group: { readonly grouping?: "na" };
  readonly reason: string;
};

/** What a caller without types could pass. */
const UNTYPED: Wishes = JSON.parse(
  JSON.stringify({
    sweep: { coins: "BTC" },
    end: { order: "leave" },
    ending: { orders: "keep" },
    batch: { groping: "na" },
    group: { grouping: "oco" },
    reason: { why: 1 },
  }),
);

describe("options that nobody reads", () => {
  it("are refused by name, and nothing is done", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    const sequence = engine.snapshot().sequence;
    const field = (name: string) => ({ code: "invalidSpec", details: { field: name } });
    await expect(engine.cancelAll(UNTYPED.sweep)).rejects.toMatchObject(field("cancelAll.coins"));
    await expect(engine.close(UNTYPED.end)).rejects.toMatchObject(field("close.order"));
    // Neither cancel nor leave: it would have waited for ever.
    await expect(engine.close(UNTYPED.ending)).rejects.toMatchObject(field("orders"));
    expect(() => engine.placeMany([SPEC], UNTYPED.batch)).toThrow("groping");
    expect(() => engine.placeMany([SPEC], UNTYPED.group)).toThrow("grouping");
    // What is no text could not be journaled.
    expect(() => engine.halt(UNTYPED.reason)).toThrow("reason");
    expect(engine.snapshot().sequence).toBe(sequence);
    expect(order.view().state).toBe("resting");
    expect(await settled(engine.close({ orders: "leave" }))).not.toBe("open");
  });

  it("a closed engine says so to every command", async () => {
    const { engine } = await rig();
    await engine.close({ orders: "leave" });
    const unknown = `0x${"ab".repeat(16)}`;
    await expect(engine.modify(unknown, { price: "1" })).rejects.toMatchObject({ code: "closed" });
    await expect(engine.cancel(unknown)).rejects.toMatchObject({ code: "closed" });
    await expect(engine.cancelAll()).rejects.toMatchObject({ code: "closed" });
    expect(() => engine.place(SPEC)).toThrow("closed");
    expect(() => engine.halt("x")).toThrow("closed");
    expect(await settled(engine.close())).toMatchObject({ canceled: [] });
  });
});

describe("what callers are told", () => {
  it("a modify that stays doubtful is told as unresolved; the asking goes on", async () => {
    const { engine, venue, clock, alarmed } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    const modified = order.modify({ price: "63990" });
    venue.answers = () => "fail";
    clock.advanceBy(30_000);
    expect(await settled(modified)).toBe("open");
    clock.advanceBy(90_000);
    expect(alarmed()).toContain("doubtExhausted");
    expect(await settled(modified)).toMatchObject({ kind: "unresolved" });
    expect(order.view().requests).toMatchObject([{ kind: "modify" }]);
    expect(engine.exposure).toMatchObject([{ max: "0.002" }]);
  });

  it("all who wait for one cancel share one promise, and a later one asks anew", async () => {
    const { core, engine, venue } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    const waiting = Array.from({ length: 50 }, () => order.cancel());
    expect(core.sizes()["heard"]).toBe(3);
    venue.replies(admitted({ kind: "success" }));
    for (const told of await Promise.all(waiting)) expect(told).toMatchObject({ kind: "settled" });
    expect(await order.cancel()).toMatchObject({ kind: "settled", state: "canceled" });
  });

  it("while the journal cannot be written the status shows a closed gate", async () => {
    let broken = false;
    const journal: Journal = {
      mark: "0badcafe",
      recall: () => ({ checkpoint: undefined, records: [], damage: [], lastSequence: 0 }),
      append: () => {
        if (broken) throw new Error("no space left");
      },
      whenDurable: (done) => done(undefined),
      checkpoint: () => undefined,
      close: () => undefined,
    };
    const { engine } = await rig({ journal });
    const gates: boolean[] = [];
    engine.status$.subscribe(({ gate }) => gates.push(gate.place));
    broken = true;
    expect(await engine.place(SPEC).acknowledged).toMatchObject({ reason: "journalFailed" });
    expect(engine.status.gate).toEqual({ place: false, modify: false, cancel: true });
    broken = false;
    engine.resume();
    expect(engine.status.gate.place).toBe(true);
    expect(gates).toEqual([true, false, true]);
  });

  it("a logger that throws does not throw into the venue", async () => {
    const fails = (): never => {
      throw new Error("disk full");
    };
    const logger: Logger = { debug: fails, info: fails, warn: fails, error: fails };
    let heard = "nothing";
    await rig({ logger }, (venue) => {
      const open = venue.open.bind(venue);
      venue.open = (context) => {
        context.logger.warn({}, "a frame in the stream");
        heard = "all";
        return open(context);
      };
    });
    expect(heard).toBe("all");
  });

  it("the history that a stream begins with is no news: nobody is alarmed, nothing is told as new", async () => {
    const { engine, venue, alarmed, ticks } = await rig({}, (scripted) => {
      scripted.opens = "silent";
    });
    const fills: unknown[] = [];
    engine.fills$.subscribe((fill) => fills.push(fill));
    venue.says(
      { type: "fill", fill: fillOf(1, 1), snapshot: true },
      { type: "fill", fill: fillOf(2, 2), snapshot: true },
    );
    expect(fills).toEqual([]);
    expect(alarmed()).toEqual([]);
    venue.answers = (query) =>
      query.kind === "positions"
        ? { kind: "positions", positions: [{ coin: parseCoin("BTC"), size: TWO }], at: AT + 10 }
        : calm(query);
    venue.says({ type: "connection.live", epoch: 1 });
    venue.says({ type: "fill", fill: fillOf(1, 1), snapshot: true }, traded(3, 3, { at: AT + 11 }));
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.003" }]);
    expect(fills).toHaveLength(1);
    expect(alarmed()).toEqual(["strangerFill"]);
    expect(ticks.length).toBeGreaterThan(0);
  });
});

describe("limits", () => {
  it.each([
    "settleMs",
    "lookFirstMs",
    "lookMaxMs",
    "requestTimeoutMs",
    "inFlightMax",
    "fillKeysMax",
  ])("%s of nothing is refused: it would ask without a pause, or stop all", async (name) => {
    const refused = { code: "invalidOption", details: { field: `limits.${name}` } };
    await expect(rig({ limits: { [name]: 0 } })).rejects.toMatchObject(refused);
  });
});
