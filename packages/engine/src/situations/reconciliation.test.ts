import {
  type Cloid,
  makeCloid,
  type Market,
  marketOf,
  parseCloidMark,
  parseCoin,
  parseDecimal,
  type Query,
  type Report,
  seededRandom,
} from "@cloister/model";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../options.ts";
import {
  admitted,
  AT,
  CANCELED,
  fillOf,
  OPEN,
  report,
  resting,
  rig,
  SPEC,
  SUCCESS,
  told,
  traded,
} from "./rig.fixture.ts";
import { calm } from "./scripted-venue.fixture.ts";

const LOST = { type: "connection.lost", epoch: 1, reason: "closed" } as const;
const LIVE = { type: "connection.live", epoch: 2 } as const;
/** As they are by default: open orders every 10 s, the account every 30 s. */
const ON = {
  reconcileOrdersMs: DEFAULT_LIMITS.reconcileOrdersMs,
  reconcileAccountMs: DEFAULT_LIMITS.reconcileAccountMs,
};

const BTC_MARKET = marketOf({
  coin: parseCoin("BTC"),
  kind: "perp",
  dex: "",
  sizeDecimals: 5,
  delisted: false,
});

type Answers = (query: Query) => Report | undefined | "fail";

/** The venue's hour moves with the clock from AT on; everything else is as `more` says, or calm. */
async function venueSince(
  more: (query: Query) => ReturnType<Answers> = () => undefined,
  options: Parameters<typeof rig>[0] = {},
  others: readonly Market[] = [],
) {
  const all = await rig(options, (venue) => {
    const own = venue.markets();
    venue.markets = () => [...own, ...others];
    venue.answers = (query) =>
      query.kind === "positions" ? { kind: "positions", positions: [], at: AT } : calm(query);
  });
  const { clock, venue } = all;
  const begunMs = clock.monotonicMs();
  const hour = (): number => AT + clock.monotonicMs() - begunMs;
  const answering = (given: (query: Query) => ReturnType<Answers>): void => {
    venue.answers = (query) => {
      const answer = given(query);
      if (answer !== undefined) return answer;
      return query.kind === "positions"
        ? { kind: "positions", positions: [], at: hour() }
        : calm(query);
    };
  };
  answering(more);
  const order = all.engine.place(SPEC);
  venue.replies(admitted(resting(7)));
  return { ...all, order, hour, answering };
}

const listing = (...rows: readonly ReturnType<typeof report>[]): Report => ({
  kind: "openOrders",
  orders: rows,
});

describe("live here and absent there", () => {
  it("is only a reason to ask; two lists, an unknown status and the fills prove it absent", async () => {
    const { clock, engine, order, alarmed } = await venueSince(() => undefined, { limits: ON });
    const asked: string[] = [];
    engine.onTick(({ changes }) => asked.push(...changes.map(({ evidence }) => evidence.type)));
    // Reads may lag: what was placed so lately is not suspected.
    clock.advanceBy(10_000);
    expect(alarmed()).not.toContain("forgotten");
    clock.advanceBy(50_000);
    expect(alarmed()).toContain("forgotten");
    expect(order.view()).toMatchObject({ cause: "absent" });
    expect(asked).toContain("proof.absent");
    expect(alarmed().filter((name) => name === "forgotten")).toHaveLength(1);
    expect(await order.closed).toMatchObject({
      state: "canceled",
      filled: "0",
      ledger: "complete",
    });
  });

  it.each([
    [
      "its status is known",
      (query: Query, cloid: Cloid) =>
        query.kind === "orderStatus"
          ? ({ kind: "orderStatus", found: report(cloid, 7, OPEN) } as const)
          : undefined,
    ],
    [
      "its status cannot be read",
      (query: Query) => (query.kind === "orderStatus" ? "fail" : undefined),
    ],
    ["the fills cannot be read", (query: Query) => (query.kind === "fills" ? "fail" : undefined)],
    [
      "the fills were cut",
      (query: Query) =>
        query.kind === "fills"
          ? ({ kind: "fills", fills: [], complete: false } as const)
          : undefined,
    ],
    ["lists cannot be read", (query: Query) => (query.kind === "openOrders" ? "fail" : undefined)],
    [
      "the next list shows it",
      (query: Query, cloid: Cloid, hour: number) =>
        query.kind === "openOrders" && hour > AT + 31_000
          ? listing(report(cloid, 7, OPEN))
          : undefined,
    ],
  ] as const)("stays live while %s", async (_, more) => {
    const { clock, order, answering, hour } = await venueSince(() => undefined, { limits: ON });
    answering((query) => more(query, order.cloid, hour()));
    clock.advanceBy(120_000);
    expect(order.view().state).toBe("resting");
  });

  it("what is on its way is left alone", async () => {
    const { clock, order } = await venueSince(() => undefined, {
      limits: { ...ON, requestTimeoutMs: 600_000, expiresAfterMs: 600_000 },
    });
    void order.modify({ price: "63990" });
    clock.advanceBy(60_000);
    expect(order.view()).toMatchObject({ state: "resting", requests: [{ kind: "modify" }] });
  });

  it("one that was inferred absent and shows itself lives again", async () => {
    const { clock, order, venue, hour, alarmed } = await venueSince(() => undefined, {
      limits: { ...ON, reapGraceMs: 600_000 },
      onRevived: "keep",
    });
    clock.advanceBy(60_000);
    expect(order.view()).toMatchObject({ state: "canceled", cause: "absent" });
    venue.says(traded(7, 1, { size: "0.0004", at: hour() }));
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0004" });
    expect(alarmed()).toContain("revived");
  });

  it("situation 95: a list that began before newer news neither ends nor revives anything", async () => {
    const { venue, engine, order, answering } = await venueSince();
    answering((query) => (query.kind === "openOrders" ? undefined : calm(query)));
    venue.answers = (query) => (query.kind === "openOrders" ? undefined : calm(query));
    const looked = engine.reconcile();
    const pending = venue.asked.at(-1)?.read;
    venue.says(told(order.cloid, 7, CANCELED, { at: AT + 50 }));
    const stale = listing(report(order.cloid, 7, OPEN));
    venue.says({ type: "read.answered", read: pending ?? 0, report: stale });
    expect(order.view().state).toBe("canceled");
    const certificate = await looked;
    // Listed and ended here: it was asked about, and nobody knows it.
    expect(certificate.asked).toContainEqual(
      expect.objectContaining({ query: "orderStatus", asked: 1 }),
    );
  });
});

describe("there and not here", () => {
  /** A cloid with the engine's mark that nobody here placed. */
  const orphan = (mark: string): Cloid => makeCloid(parseCloidMark(mark), seededRandom(99));

  it("an orphan is adopted with its fills, and its cloid is taken", async () => {
    const { engine, venue, alarmed, answering } = await venueSince();
    const cloid = orphan(engine.mark);
    venue.says(traded(70, 5, { size: "0.0004", at: AT + 3, cloid }));
    expect(() => engine.place({ ...SPEC, cloid })).toThrow(
      expect.objectContaining({ code: "duplicateCloid" }),
    );
    answering((query) => {
      if (query.kind === "openOrders") {
        return listing(report(cloid, 70, OPEN, { at: AT + 1, left: "0.0004" }));
      }
      if (query.kind !== "fills") return undefined;
      const fills = [fillOf(70, 4, { size: "0.0002", at: AT + 2, cloid })];
      return { kind: "fills", fills, complete: true };
    });
    const certificate = await engine.reconcile();
    expect(certificate.found.adopted).toEqual([cloid]);
    expect(engine.order(cloid)?.view()).toMatchObject({
      state: "partiallyFilled",
      filled: "0.0006",
      leaves: "0.0004",
    });
    expect(alarmed()).toContain("orphan");
    // Its earlier fills are read once more, from its placing on.
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0006" }]);
    void engine.order(cloid)?.cancel();
    expect(venue.written.at(-1)?.action.kind).toBe("cancel");
    venue.replies(admitted(SUCCESS));
    expect(engine.order(cloid)?.view().state).toBe("canceled");
  });

  it("situation 107: an order of others is watched; its cloid cannot be used", async () => {
    const { engine, venue, answering } = await venueSince();
    const cloid = orphan("deadbeef");
    answering((query) =>
      query.kind === "openOrders" ? listing(report(cloid, 70, OPEN)) : undefined,
    );
    expect(await engine.reconcile()).toMatchObject({ found: { adopted: [], strangers: 1 } });
    expect(await engine.reconcile()).toMatchObject({ found: { adopted: [], strangers: 0 } });
    expect(engine.order(cloid)).toBeUndefined();
    expect(() => engine.place({ ...SPEC, cloid })).toThrow("cloid");
    void engine.cancelAll();
    expect(JSON.stringify(venue.written)).not.toContain('"oid":70');
  });

  it("situation 107: with strangers adopted, one without a cloid is kept by its oid", async () => {
    const { engine, venue, answering } = await venueSince(() => undefined, { strangers: "adopt" });
    answering((query) =>
      query.kind === "openOrders" ? listing(report(undefined, 70, OPEN)) : undefined,
    );
    const [named] = (await engine.reconcile()).found.adopted;
    const order = named === undefined ? undefined : engine.order(named);
    expect(order?.view()).toMatchObject({ state: "resting", oid: 70 });
    expect(await engine.reconcile()).toMatchObject({ found: { adopted: [] } });
    venue.says(traded(70, 9, { size: "0.001" }));
    expect(order?.view()).toMatchObject({ state: "filled" });
  });

  it("situation 38: a stranger's fills are attributed when its order becomes known", async () => {
    const { engine, venue, alarmed } = await venueSince();
    venue.says(traded(70, 9, { size: "0.0004" }));
    expect(alarmed()).toEqual(["strangerFill"]);
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(70)));
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0004" });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0004" }]);
  });
});

describe("the ledger, checked", () => {
  const positions = (size: string, at: number): Report => ({
    kind: "positions",
    positions: [{ coin: parseCoin("BTC"), size: parseDecimal(size) }],
    at,
  });

  it("situation 48: a gap is searched at once, told by nobody when it closes", async () => {
    const { clock, engine, venue, alarmed, answering } = await venueSince();
    answering((query) =>
      query.kind === "fills"
        ? { kind: "fills", fills: [fillOf(7, 1, { size: "0.0001" })], complete: true }
        : undefined,
    );
    venue.says(traded(7, 2, { size: "0.0002", startPosition: "0.0001" }));
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0003" }]);
    clock.advanceBy(10_000);
    expect(alarmed()).not.toContain("positionGap");
  });

  it("situation 48: fills of one frame that join in another order are no gap", async () => {
    const { venue } = await venueSince();
    const asked = venue.asked.length;
    venue.answers = () => undefined;
    venue.says(
      traded(7, 2, { size: "0.0002", startPosition: "0.0001" }),
      traded(7, 1, { size: "0.0001", startPosition: "0" }),
    );
    expect(venue.asked.length).toBe(asked);
  });

  it("situation 48, 113: a gap that stays is alarmed once; the venue's position is taken once it stays", async () => {
    const { clock, engine, venue, hour, alarms, answering } = await venueSince();
    answering((query) => (query.kind === "positions" ? positions("0.0003", hour()) : undefined));
    venue.says(traded(7, 2, { size: "0.0002", startPosition: "0.0001" }));
    clock.advanceBy(10_000);
    const names = alarms.map(({ name }) => name);
    expect(names.filter((name) => name === "positionGap")).toHaveLength(1);
    expect(names.filter((name) => name === "positionDiffers")).toHaveLength(1);
    expect(alarms.find(({ name }) => name === "positionDiffers")?.text).toContain(
      "0.0003 at the venue, 0.0002 by our fills",
    );
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0003" }]);
    // What comes late is in the position already.
    venue.says(traded(7, 1, { size: "0.0001", startPosition: "0", at: AT }));
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0003" }]);
    expect(await engine.reconcile()).toMatchObject({ complete: true });
  });

  it.each([
    ["liquidation (market)", { liquidation: { method: "market" } }],
    ["Auto-Deleveraging", { direction: "Auto-Deleveraging" }],
  ])(
    "situation 40: %s has no order: booked to the account, told with its reason",
    async (reason, more) => {
      const { engine, venue, alarms } = await venueSince();
      const heard: unknown[] = [];
      engine.fills$.subscribe((fill) => heard.push([fill.cloid, fill.reason]));
      const fill = { ...fillOf(900, 3, { size: "0.5", side: "sell" }), ...more };
      venue.says({ type: "fill", fill, snapshot: false });
      expect(engine.positions).toEqual([{ coin: "BTC", size: "-0.5" }]);
      expect(heard).toEqual([[undefined, reason]]);
      expect(alarms).toContainEqual(
        expect.objectContaining({ name: "strangerFill", text: expect.stringContaining(reason) }),
      );
    },
  );

  it("situation 122: fills forgotten before their window was read whole are counted and alarmed", async () => {
    const { engine, venue, alarmed } = await venueSince(() => undefined, {
      limits: { fillKeysMax: 3 },
    });
    venue.answers = () => undefined;
    for (let tid = 1; tid <= 5; tid += 1) {
      venue.says(traded(7, tid, { size: "0.0001", at: AT + tid }));
    }
    expect(engine.counters.fillKeysForgotten).toBe(2);
    expect(alarmed().filter((name) => name === "fillKeysForgotten")).toHaveLength(1);
  });
});

describe("pace and silence", () => {
  it("looks two seconds after the gate has opened, then every 10 s and 30 s, and at once after an alarm", async () => {
    const { clock, engine, venue, order, answering } = await venueSince(() => undefined, {
      limits: { ...ON, barrierEveryMs: 5_000 },
    });
    const counts = {
      openOrders: 0,
      fills: 0,
      positions: 0,
      orderStatus: 0,
      budget: 0,
      key: 0,
      markets: 0,
    };
    answering((query) => {
      counts[query.kind] += 1;
      return query.kind === "openOrders" ? listing(report(order.cloid, 7, OPEN)) : undefined;
    });
    clock.advanceBy(2_000);
    expect(counts).toMatchObject({ openOrders: 1, fills: 0 });
    clock.advanceBy(58_000);
    expect(counts).toMatchObject({ openOrders: 6, fills: 2, positions: 2, orderStatus: 0 });
    venue.says(traded(70, 9, { size: "0.0004" }));
    clock.advanceBy(1);
    expect(counts).toMatchObject({ openOrders: 7, fills: 3 });
    expect(engine.status.barrier).toBe("open");
  });

  it("looks one at a time: what is due while a read hangs follows when it has failed", async () => {
    // Asking once more has tests of its own.
    const limits = { ...ON, readAgainMs: 0 };
    const { clock, venue, core, order } = await venueSince(() => undefined, { limits });
    venue.answers = () => undefined;
    clock.advanceBy(31_999);
    // The first look hangs since 2 s; the others wait for it.
    expect(venue.asked.map(({ query }) => query.kind)).toEqual(["openOrders"]);
    expect(core.sizes()["reads"]).toBe(1);
    clock.advanceBy(2);
    expect(venue.asked.map(({ query }) => query.kind)).toEqual([
      "openOrders",
      "positions",
      "fills",
    ]);
    expect(order.view().state).toBe("resting");
  });

  it("situation 126: with many dexes it looks less often, so that the weight stays bounded", async () => {
    const named = (dex: string) => ({ ...BTC_MARKET, coin: parseCoin(`${dex}:BTC`), dex });
    const dexes = ["", "a", "b", "c", "d", "e", "f", "g"].map(named);
    // The pace alone is asked about here, no budget.
    const options = { limits: { ...ON, restWeight: 100_000 } };
    const { clock, venue, order, answering } = await venueSince(() => undefined, options, dexes);
    let lists = 0;
    answering((query) => {
      if (query.kind === "openOrders") lists += 1;
      return query.kind === "openOrders" ? listing(report(order.cloid, 7, OPEN)) : undefined;
    });
    venue.says(LOST, LIVE);
    expect(lists).toBe(1);
    lists = 0;
    clock.advanceBy(62_000);
    expect(lists).toBe(4);
  });

  it("situation 114: a look that the engine's end interrupts says so", async () => {
    const { engine, venue } = await venueSince();
    venue.answers = () => undefined;
    const looked = engine.reconcile();
    await engine.close({ orders: "leave" });
    expect(await looked).toMatchObject({
      complete: false,
      unresolved: [{ kind: "abandoned", why: "the engine was closed" }],
    });
    await expect(engine.reconcile()).rejects.toMatchObject({ code: "closed" });
  });

  it("a list that shows an order which no stream tells leads to another connection", async () => {
    const { clock, venue, alarmed } = await venueSince(() => undefined, {
      limits: { silenceMs: 5_000 },
    });
    const row = report(undefined, 70, OPEN, { at: AT + 500 });
    venue.says({ type: "openOrders", dex: "", orders: [row] });
    clock.advanceBy(4_999);
    expect(venue.distrusted).toEqual([]);
    clock.advanceBy(1);
    expect(venue.distrusted).toHaveLength(1);
    expect(alarmed()).toEqual(["streamSilent"]);
    clock.advanceBy(60_000);
    expect(venue.distrusted).toHaveLength(1);
  });

  it("what a stream tells a little later is no silence", async () => {
    const { clock, venue, order, answering } = await venueSince();
    answering((query) =>
      query.kind === "fills"
        ? { kind: "fills", fills: [fillOf(7, 1, { size: "0.0004", at: AT + 9 })], complete: true }
        : undefined,
    );
    const listed = report(order.cloid, 7, OPEN, { at: AT + 1, left: "0.0006" });
    venue.says({ type: "openOrders", dex: "", orders: [listed] });
    venue.says(LOST, LIVE);
    venue.says({ type: "openOrders", dex: "", orders: [listed] });
    clock.advanceBy(3_000);
    venue.says(told(order.cloid, 7, OPEN, { at: AT + 1 }));
    venue.says(traded(7, 1, { size: "0.0004", at: AT + 9 }));
    clock.advanceBy(60_000);
    expect(venue.distrusted).toEqual([]);
  });
});
