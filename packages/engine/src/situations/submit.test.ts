import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import {
  admitted,
  AT,
  CANCELED,
  elementError,
  FILLED,
  filledNow,
  OPEN,
  report,
  resting,
  rig,
  settled,
  SPEC,
  told,
  traded,
} from "./rig.fixture.ts";

const ERROR_429 = { admission: "notAdmitted", reason: "throttled", text: "429" } as const;

describe("a place and its answer", () => {
  it("situation 1: answered, then told, it rests once", async () => {
    const { engine, venue, ticks } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    venue.says(told(order.cloid, 7, OPEN));
    expect(order.view()).toMatchObject({ state: "resting", oid: 7, leaves: "0.001" });
    expect(await order.acknowledged).toMatchObject({ kind: "accepted", oid: 7 });
    const moves = ticks.flatMap(({ changes }) => changes).filter(({ from, to }) => from !== to);
    expect(moves.map(({ from, to }) => `${from}>${to}`)).toEqual([
      "new>pending",
      "pending>resting",
    ]);
  });

  it("situation 2: the word open before the answer: it rests, the answer only repeats the oid", async () => {
    const { engine, venue, alarms } = await rig();
    const order = engine.place(SPEC);
    venue.says(told(order.cloid, 7, OPEN));
    expect(order.view()).toMatchObject({ state: "resting", oid: 7 });
    expect(await order.acknowledged).toMatchObject({ kind: "accepted", oid: 7 });
    venue.replies(admitted(resting(7)));
    expect(order.view()).toMatchObject({ state: "resting", oid: 7, oids: [7], requests: [] });
    expect(alarms).toEqual([]);
  });

  it("situation 3: the first fill before answer and word implies acceptance; the answer changes nothing", async () => {
    const { engine, venue, alarms } = await rig();
    const order = engine.place(SPEC);
    venue.says(traded(7, 1, { size: "0.0004", cloid: order.cloid }));
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0004", oid: 7 });
    venue.says(traded(7, 2, { size: "0.0006", cloid: order.cloid }));
    expect(order.view()).toMatchObject({ state: "filled", filled: "0.001" });
    venue.replies(admitted(resting(7)));
    venue.says(told(order.cloid, 7, OPEN));
    expect(order.view()).toMatchObject({ state: "filled", filled: "0.001", leaves: "0" });
    expect(alarms).toEqual([]);
  });

  it("a fill without a cloid before the answer is kept as a stranger's and drained when the oid is bound", async () => {
    const { engine, venue, core } = await rig();
    const order = engine.place(SPEC);
    venue.says(traded(7, 1, { size: "0.0004" }));
    expect(order.view().state).toBe("pending");
    expect(core.sizes()).toMatchObject({ strangers: 1 });
    venue.replies(admitted(resting(7)));
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0004" });
    expect(core.sizes()).toMatchObject({ strangers: 0 });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0004" }]);
  });

  it.each([
    ["filled", FILLED, "0", "filled"],
    ["canceled", CANCELED, "0.001", "canceled"],
  ] as const)(
    "situation 4: the last word (%s) before the answer stays; the answer does not resurrect it",
    async (_name, word, left, state) => {
      const { engine, venue, alarms } = await rig();
      const order = engine.place(SPEC);
      venue.says(told(order.cloid, 7, word, { left }));
      expect(order.view().state).toBe(state);
      venue.replies(admitted(resting(7)));
      expect(order.view()).toMatchObject({ state, requests: [] });
      expect(alarms).toEqual([]);
    },
  );

  it("situation 5: an answer says filled: the state is known at once, each trade is booked once when it comes", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(filledNow(7, "0.001")));
    expect(order.view()).toMatchObject({ state: "filled", filled: "0", ledger: "open" });
    expect(engine.exposure).toMatchObject([{ coin: "BTC", position: "0", max: "0.001" }]);
    venue.says(traded(7, 1, { size: "0.0004" }), traded(7, 2, { size: "0.0006" }));
    expect(order.view()).toMatchObject({ filled: "0.001", ledger: "complete" });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.001" }]);
    expect(engine.exposure).toMatchObject([{ position: "0.001", max: "0.001" }]);
    expect(await order.closed).toMatchObject({ state: "filled", filled: "0.001" });
  });

  it("situation 6: fills that an answer stated and that never come are searched, then given up by name", async () => {
    const { engine, venue, clock, alarmed } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(filledNow(7, "0.001")));
    clock.advanceBy(30_000);
    expect(order.view()).toMatchObject({ state: "filled", filled: "0", ledger: "open" });
    expect(await settled(order.closed)).toBe("open");
    clock.advanceBy(60_000);
    expect(alarmed()).toEqual(["ledgerIncomplete"]);
    expect(await order.closed).toMatchObject({ filled: "0", ledger: "incomplete" });
    clock.advanceBy(10_000);
    expect(engine.orders).toEqual([]);
    // What is not proved stays in the exposure, until it comes after all.
    expect(engine.exposure).toMatchObject([{ position: "0", max: "0.001" }]);
    venue.says(traded(7, 1, { cloid: order.cloid }));
    expect(engine.exposure).toMatchObject([{ position: "0.001", max: "0.001" }]);
  });

  it("situation 7: a lost answer and an order that landed: doubtful, looked for by cloid, adopted", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    clock.advanceBy(5_000);
    expect(engine.status.doubtful).toBe(1);
    expect(order.view()).toMatchObject({ state: "pending", requests: [{ state: "closing" }] });
    expect(await settled(order.acknowledged)).toBe("open");
    venue.answers = (query) =>
      query.kind === "orderStatus"
        ? { kind: "orderStatus", found: report(order.cloid, 7, OPEN) }
        : undefined;
    clock.advanceBy(1_000);
    expect(order.view()).toMatchObject({ state: "resting", oid: 7, requests: [] });
    expect(engine.status.doubtful).toBe(0);
    expect(await order.acknowledged).toMatchObject({ kind: "accepted", oid: 7 });
  });

  it("situation 8: a lost answer is withdrawn by a noop on its nonce, and its ok says never landed", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    clock.advanceBy(5_000);
    expect(order.view().state).toBe("pending");
    expect(venue.written.at(-1)).toMatchObject({ mouth: "rest", action: { kind: "noop" } });
    expect(venue.written.at(-1)?.signed.nonce).toBe(venue.written[0]?.signed.nonce);
    venue.replies({ admission: "admittedBare" });
    expect(await order.acknowledged).toEqual({
      kind: "refused",
      by: "local",
      reason: "neverLanded",
    });
    expect(order.view()).toMatchObject({ state: "rejected", requests: [] });
    expect(engine.status.doubtful).toBe(0);
    expect(engine.exposure).toMatchObject([]);
  });

  it("situation 9: unknown once after the door closed is no proof: a late appearance is adopted, nothing sent twice", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    clock.advanceBy(5_000);
    venue.replies({ admission: "nonceSpent", how: "duplicate", text: "dup" });
    clock.advanceBy(500);
    expect(order.view()).toMatchObject({ state: "pending", requests: [{ state: "looking" }] });
    venue.says(told(order.cloid, 7, OPEN));
    expect(order.view()).toMatchObject({ state: "resting", requests: [] });
    expect(venue.written.filter(({ action }) => action.kind === "place")).toHaveLength(1);
  });

  it("situation 8: with the door closed, complete reads that miss it twice prove that it never landed", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    clock.advanceBy(5_000);
    venue.replies({ admission: "nonceSpent", how: "duplicate", text: "dup" });
    clock.advanceBy(8_000);
    expect(await order.closed).toMatchObject({ state: "rejected", unresolved: [] });
    expect(venue.written).toHaveLength(2);
  });

  it("situation 10: while every read fails it stays doubtful and in the exposure, with one alarm", async () => {
    const { engine, venue, clock, alarmed } = await rig();
    const order = engine.place(SPEC);
    venue.answers = () => "fail";
    clock.advanceBy(600_000);
    expect(order.view()).toMatchObject({ state: "pending" });
    expect(engine.status.doubtful).toBe(1);
    expect(engine.exposure).toMatchObject([{ max: "0.001" }]);
    expect(alarmed()).toEqual(["doubtExhausted"]);
    expect(await order.acknowledged).toMatchObject({ kind: "unresolved" });
    expect(venue.written.filter(({ action }) => action.kind === "place")).toHaveLength(1);
  });

  it("situation 10: also when only the deciding reads fail; a late word still decides", async () => {
    const { engine, venue, clock, alarmed } = await rig();
    const order = engine.place(SPEC);
    venue.answers = (query) => (query.kind === "orderStatus" ? { kind: "orderStatus" } : "fail");
    clock.advanceBy(5_000);
    venue.replies({ admission: "nonceSpent", how: "duplicate", text: "duplicate nonce" });
    clock.advanceBy(600_000);
    expect(alarmed().filter((name) => name === "doubtExhausted")).toHaveLength(1);
    expect(await order.acknowledged).toMatchObject({ kind: "unresolved" });
    expect(order.view()).toMatchObject({ state: "pending", requests: [{ state: "looking" }] });
    venue.says(told(order.cloid, 7, OPEN));
    expect(order.view()).toMatchObject({ state: "resting", requests: [] });
  });

  it("situation 12: a duplicate nonce closes the door and says nothing of the order", async () => {
    const { engine, venue, alarmed } = await rig();
    venue.answers = () => undefined;
    const order = engine.place(SPEC);
    venue.replies({ admission: "nonceSpent", how: "duplicate", text: "duplicate nonce" });
    expect(order.view()).toMatchObject({ state: "pending", requests: [{ state: "looking" }] });
    expect(alarmed()).toEqual(["signerShared"]);
    venue.says(told(order.cloid, 7, OPEN));
    expect(order.view().state).toBe("resting");
  });

  it("situation 14: a nonce too low moves the nonce source on", async () => {
    const { engine, venue } = await rig();
    engine.place(SPEC);
    venue.replies({ admission: "nonceSpent", how: "tooLow", text: "too low" });
    expect(venue.raised).toBeGreaterThan(venue.written[0]?.signed.nonce ?? Infinity);
  });
});

describe("refusals", () => {
  it.each([
    ["the same text", (cloid: string) => cloid],
    ["upper case", (cloid: string) => cloid.slice(2).toUpperCase()],
    [
      "a UUID",
      (cloid: string) => cloid.slice(2).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    ],
  ])(
    "situation 13: a cloid that is taken is refused here, as %s; the first order is untouched",
    async (_name, spelled) => {
      const { engine, venue } = await rig();
      const order = engine.place(SPEC);
      const cloid = spelled(order.cloid);
      const refused = expect.objectContaining({ code: "duplicateCloid", outcome: "never-sent" });
      expect(() => engine.place({ ...SPEC, cloid })).toThrow(refused);
      expect(() => engine.placeMany([SPEC, { ...SPEC, cloid }])).toThrow(refused);
      const fresh = `0x${"ab".repeat(16)}`;
      const twice = [
        { ...SPEC, cloid: fresh },
        { ...SPEC, cloid: fresh.toUpperCase() },
      ];
      expect(() => engine.placeMany(twice)).toThrow(refused);
      expect(engine.orders).toHaveLength(1);
      expect(venue.written).toHaveLength(1);
      expect(engine.counters.refusedSpecs).toBe(3);
      expect(engine.order(cloid)).toBe(order);
    },
  );

  it("situation 15: an element error inside an ok answer refuses this order, with its reason and text", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(elementError("margin", "Insufficient margin")));
    expect(order.view()).toMatchObject({ state: "rejected", cause: "margin", requests: [] });
    const answer = { kind: "refused", by: "venue", reason: "margin", text: "Insufficient margin" };
    expect(await order.acknowledged).toEqual(answer);
  });

  it("situation 16: one static error for a batch refuses every order of it", async () => {
    const { engine, venue } = await rig();
    const orders = engine.placeMany([SPEC, SPEC, SPEC]);
    venue.replies(admitted(elementError("emptyBatch", "static", true)));
    expect(orders.map((order) => order.view().state)).toEqual(Array(3).fill("rejected"));
    expect(engine.status).toMatchObject({ inFlight: 0, doubtful: 0 });
  });

  it("situation 17: the second of three fails: the first and third live", async () => {
    const { engine, venue } = await rig();
    const orders = engine.placeMany([SPEC, SPEC, SPEC]);
    venue.replies(admitted(resting(7), elementError("tick", "bad tick"), resting(9)));
    expect(orders.map((order) => order.view().state)).toEqual(["resting", "rejected", "resting"]);
    expect(orders.map((order) => order.view().oid)).toEqual([7, undefined, 9]);
  });

  it("situation 18: fewer statuses than orders: matched by echoed cloid, the rest is doubtful and asked about", async () => {
    const { engine, venue } = await rig();
    venue.answers = () => undefined;
    const [a, b, c] = engine.placeMany([SPEC, SPEC, SPEC]);
    venue.replies(admitted(resting(9, c?.cloid), elementError("tick", "bad tick")));
    expect([a, b, c].map((order) => order?.view().state)).toEqual([
      "pending",
      "pending",
      "resting",
    ]);
    expect(engine.status.doubtful).toBe(1);
    const asked = venue.asked.map(({ query }) => (query.kind === "orderStatus" ? query.key : ""));
    expect(asked).toEqual([a?.cloid, b?.cloid]);
    venue.says(told(a?.cloid, 7, OPEN), told(b?.cloid, 8, OPEN));
    expect(engine.status.doubtful).toBe(0);
  });

  it("situation 18: more statuses than orders: only the echoed cloid counts", async () => {
    const { engine, venue } = await rig();
    venue.answers = () => undefined;
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(5), resting(7, order.cloid)));
    expect(order.view()).toMatchObject({ state: "resting", oid: 7, oids: [7] });
  });

  it("situation 19: a lost connection leaves each of a batch doubtful, and each is resolved alone", async () => {
    const { engine, venue } = await rig();
    venue.answers = () => undefined;
    const [a, b] = engine.placeMany([SPEC, SPEC]);
    venue.says({ type: "connection.lost", epoch: 1, reason: "closed" });
    expect([a?.view().state, b?.view().state]).toEqual(["pending", "pending"]);
    venue.says(told(a?.cloid, 7, OPEN));
    expect([a?.view().state, b?.view().state]).toEqual(["resting", "pending"]);
    expect(engine.status.doubtful).toBe(1);
  });

  it("situation 20: a post-only order that would match is rejected with that reason", async () => {
    const { engine, venue } = await rig();
    const text = "Post only order would have immediately matched, bbo was 1@2";
    const a = engine.place({ ...SPEC, tif: "Alo" });
    venue.replies(admitted(elementError("postOnly", text)));
    const b = engine.place({ ...SPEC, tif: "Alo" });
    venue.says(told(b.cloid, 8, { kind: "rejected", cause: "postOnly" }));
    expect(a.view()).toMatchObject({ state: "rejected", cause: "postOnly" });
    expect(b.view()).toMatchObject({ state: "rejected", cause: "postOnly" });
    expect(await a.acknowledged).toMatchObject({ reason: "postOnly", text });
  });

  it("situation 21: an Ioc that matched nothing is canceled, not refused", async () => {
    const { engine, venue, alarms } = await rig();
    const order = engine.place({ ...SPEC, tif: "Ioc" });
    venue.replies(admitted(elementError("iocNoMatch", "could not immediately match")));
    expect(order.view()).toMatchObject({ state: "canceled", cause: "iocNoMatch", filled: "0" });
    expect(await order.acknowledged).toMatchObject({ kind: "accepted" });
    expect(alarms).toEqual([]);
  });

  it("situation 21: an Ioc that the venue calls filled with a smaller total is canceled for the rest", async () => {
    const { engine, venue } = await rig();
    const order = engine.place({ ...SPEC, tif: "Ioc" });
    venue.replies(admitted(filledNow(7, "0.0004")));
    expect(order.view()).toMatchObject({
      state: "canceled",
      cause: "iocRemainder",
      ledger: "open",
    });
    venue.says(traded(7, 1, { size: "0.0004" }));
    expect(await order.closed).toMatchObject({ filled: "0.0004", ledger: "complete" });
  });

  it("situation 21: an Ioc called filled by the stream alone is decided by a read of fills", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place({ ...SPEC, tif: "Ioc" });
    venue.says(traded(7, 1, { size: "0.0004", cloid: order.cloid }));
    venue.says(told(order.cloid, 7, FILLED, { left: "0" }));
    expect(order.view().state).toBe("partiallyFilled");
    clock.advanceBy(2_000);
    expect(order.view()).toMatchObject({ state: "canceled", cause: "iocRemainder" });
    expect(await order.closed).toMatchObject({ filled: "0.0004", ledger: "complete" });
  });

  it("situation 22: no liquidity for a market order is a typed rejection", async () => {
    const { engine, venue } = await rig();
    const order = engine.place({ ...SPEC, tif: "Ioc" });
    venue.replies(
      admitted(elementError("noLiquidity", "No liquidity available for market order.")),
    );
    expect(order.view()).toMatchObject({ state: "rejected", cause: "noLiquidity" });
  });

  it("situation 23: turned away on the socket is a refusal; turned away by REST decides nothing", async () => {
    const { engine, venue, clock } = await rig();
    venue.answers = () => undefined;
    const order = engine.place(SPEC);
    venue.replies(ERROR_429);
    expect(order.view()).toMatchObject({ state: "rejected", cause: "throttled" });
    // Whoever is turned away so does not send on at once.
    clock.advanceBy(10_000);
    const other = engine.place(SPEC);
    const [copy] = venue.written.slice(-1);
    venue.says({
      type: "copy.failed",
      copy: copy?.copy ?? 0,
      mouth: "socket",
      written: "never",
      reason: "",
    });
    expect(venue.written.at(-1)).toMatchObject({ mouth: "rest" });
    expect(venue.written.at(-1)?.signed).toBe(copy?.signed);
    venue.replies(ERROR_429);
    expect(other.view()).toMatchObject({ state: "pending", requests: [{ state: "closing" }] });
  });

  it("situation 26: what breaks a static rule is refused before anything exists", async () => {
    const { engine, venue, ticks } = await rig();
    const bad = [
      [{ price: "64000.123" }, "invalidSpec", "price"],
      [{ price: "64000.5" }, "invalidSpec", "price"],
      [{ size: "0.0000001" }, "invalidSpec", "size"],
      [{ size: "0.0001" }, "invalidSpec", "size"],
      [{ size: "-0.001" }, "invalidSpec", "size"],
      [{ size: "1e-3" }, "invalidSpec", "size"],
      [{ price: "NaN" }, "invalidSpec", "price"],
      [{ coin: "NOPE" }, "unknownCoin", "coin"],
      [{ coin: "OLD" }, "invalidSpec", "coin"],
      [{ cloid: "0x12" }, "invalidSpec", "cloid"],
      [{ expiresAfterMs: 0 }, "invalidSpec", "expiresAfterMs"],
      [{ tag: "x".repeat(129) }, "invalidSpec", "tag"],
    ] as const;
    for (const [terms, code, field] of bad) {
      const broken = expect.objectContaining({ code, details: expect.objectContaining({ field }) });
      expect(() => engine.place({ ...SPEC, ...terms })).toThrow(broken);
    }
    expect(engine.orders).toEqual([]);
    expect(ticks).toEqual([]);
    expect(venue.written).toEqual([]);
    expect(engine.counters.refusedSpecs).toBe(bad.length);
  });

  it("situation 29: expired before inclusion is a typed refusal of the only copy", async () => {
    const { engine, venue } = await rig();
    const order = engine.place({ ...SPEC, expiresAfterMs: 2_000 });
    expect(venue.written[0]?.signed.expiresAfter).toBeGreaterThan(0);
    venue.replies({ admission: "expired", text: "expired" });
    expect(order.view()).toMatchObject({ state: "rejected", cause: "expired" });
  });

  it.each(["throws", "failed"] as const)(
    "situation 30: a signer that %s: nothing is sent, refused here, no slot is leaked",
    async (how) => {
      const { engine, venue, core } = await rig();
      venue.signs = () => how;
      const order = engine.place(SPEC);
      expect(order.view()).toMatchObject({ state: "rejected", cause: "signFailed", requests: [] });
      expect(await order.acknowledged).toMatchObject({ kind: "refused", by: "local" });
      expect(venue.written).toEqual([]);
      expect(core.sizes()).toMatchObject({ slots: 0, signJobs: 0, requests: 0 });
    },
  );
});

describe("the queue", () => {
  it("situation 27: with every slot taken places wait at most queueMs, cancels pass", async () => {
    const { engine, venue, clock } = await rig({ limits: { inFlightMax: 2, cancelReserve: 1 } });
    const a = engine.place(SPEC);
    engine.place(SPEC);
    const c = engine.place(SPEC);
    expect(venue.written).toHaveLength(2);
    expect(engine.status).toMatchObject({ load: "saturated", inFlight: 2, queued: 1 });
    void a.cancel();
    expect(venue.written.at(-1)?.action.kind).toBe("cancelByCloid");
    clock.advanceBy(1_000);
    expect(c.view()).toMatchObject({ state: "rejected", cause: "expiredInQueue" });
    expect(engine.status.queued).toBe(0);
  });

  it("situation 27: a slot that is given back goes to a cancel first, then a modify, then a place", async () => {
    const { engine, venue } = await rig({ limits: { inFlightMax: 1, cancelReserve: 0 } });
    const first = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    const second = engine.place(SPEC);
    engine.place(SPEC);
    void first.modify({ price: "63990" });
    expect(venue.written.map(({ action }) => action.kind)).toEqual(["place", "place"]);
    venue.replies(admitted(resting(8)));
    expect(venue.written.at(-1)?.action.kind).toBe("modify");
    void second.cancel();
    venue.replies(admitted(resting(9)));
    expect(venue.written.at(-1)?.action.kind).toBe("cancel");
  });

  it("situation 28: canceled while it waits for a slot: canceled, never sent, no traffic", async () => {
    const { engine, venue, core } = await rig({ limits: { inFlightMax: 1 } });
    engine.place(SPEC);
    const order = engine.place(SPEC);
    const done = order.cancel();
    expect(order.view()).toMatchObject({ state: "canceled", cause: "withdrawn", requests: [] });
    expect(await done).toEqual({ kind: "settled", state: "canceled", filled: "0" });
    expect(venue.written).toHaveLength(1);
    expect(core.sizes()).toMatchObject({ slots: 1, cancels: 0 });
  });

  it("situation 28: canceled while it is being signed: the signature that comes later is thrown away", async () => {
    const { engine, venue, core } = await rig();
    venue.signs = () => "never";
    const order = engine.place(SPEC);
    void order.cancel();
    expect(order.view()).toMatchObject({ state: "canceled", cause: "withdrawn" });
    for (const { done } of venue.unsigned) done();
    expect(venue.written).toEqual([]);
    expect(core.sizes()).toMatchObject({ slots: 0, signJobs: 0, requests: 0, cancels: 0 });
  });

  it("situation 46: fees and rebates are summed once per fill", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    const fill = traded(7, 1, { size: "0.0004", fee: "0.02" });
    venue.says(fill, traded(7, 2, { size: "0.0006", fee: "-0.005", at: AT + 2 }), fill);
    expect(order.view().fees).toEqual({ USDC: "0.015" });
    expect(parseDecimal(order.view().averagePrice ?? "0")).toBe(parseDecimal("64000"));
  });
});
