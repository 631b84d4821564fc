import { describe, expect, it } from "vitest";
import { ACCOUNT, settle } from "../world.ts";
import { comesBack, hit, isOpen, meeting, rested } from "./meeting.fixture.ts";
import { until } from "./told.fixture.ts";

const LIST = { type: "frontendOpenOrders", account: ACCOUNT };

describe("a list of open orders that is older than the news", () => {
  it("situation 95: of a recovery: what came while it was read is not undone by it", async () => {
    const when = { afterMs: 5_000, untilMs: 9_000 };
    const at = await meeting({ faults: [{ what: "delayAnswer", ms: 4_000, to: LIST, when }] });
    const { clock, cable } = at;
    const part = await rested(at);
    const gone = await rested(at, { price: "49900" });
    clock.advanceTo(5_000);
    cable.disconnect();
    until(clock, () => !isOpen(at));
    clock.advanceBy(2_000);
    await hit(at);
    const canceled = gone.cancel();
    clock.advanceBy(1_000);
    expect(at.engine.status.barrier).toBe("recovering");
    until(clock, () => isOpen(at));
    expect(await settle(clock, canceled)).toMatchObject({ state: "canceled" });
    clock.advanceBy(15_000);
    expect(at.path(part)).toEqual(["pending", "resting", "partiallyFilled"]);
    expect(at.path(gone)).toEqual(["pending", "resting", "canceled"]);
    expect(at.certificates).toMatchObject([{ cause: "reconnect", complete: true }]);
    expect(at.certificates[0]?.buffered).toBeGreaterThan(0);
    expect(at.fills).toHaveLength(1);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });

  it("situation 95: of a look in between: what ended is asked about once, what is newer not at all", async () => {
    const when = { afterMs: 8_000, untilMs: 16_000 };
    const at = await meeting({
      faults: [{ what: "delayAnswer", ms: 4_000, to: LIST, when }],
      engine: { limits: { reapGraceMs: 20_000 } },
    });
    const { clock } = at;
    const gone = await rested(at, { price: "49900" });
    const filled = await rested(at);
    const lists = () => at.reads.filter(({ body }) => body.includes(LIST.type)).length;
    clock.advanceTo(8_000);
    const before = lists();
    until(clock, () => lists() > before);
    clock.advanceBy(100);
    expect(await settle(clock, gone.cancel())).toMatchObject({ state: "canceled" });
    await hit(at, { size: "0.002" });
    const young = await rested(at, { price: "49800" });
    clock.advanceBy(6_000);
    expect(at.path(gone)).toEqual(["pending", "resting", "canceled"]);
    expect(at.path(filled).at(-1)).toBe("filled");
    expect(at.path(young)).toEqual(["pending", "resting"]);
    const asked = ({ oid }: { oid?: number }) =>
      at.reads.filter(({ body }) => body.includes("orderStatus") && body.includes(String(oid)));
    expect(asked(gone.view())).toHaveLength(1);
    expect(asked(young.view())).toEqual([]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });
});

describe("a read that fails or is cut", () => {
  it("situation 96: a list without rows ends nothing: what it misses is asked about one by one", async () => {
    const at = await meeting({
      faults: [{ what: "truncatePage", keep: 0, to: LIST, when: { untilMs: 60_000 } }],
    });
    const orders = [await rested(at), await rested(at, { price: "49900" })];
    at.cable.disconnect();
    comesBack(at);
    at.clock.advanceTo(58_000);
    expect(at.certificates[0]).toMatchObject({ cause: "reconnect", found: { missing: 2 } });
    for (const order of orders) expect(at.path(order)).toEqual(["pending", "resting"]);
    expect(at.sent()).toEqual(["order", "order"]);
    at.expectBooksAgree();
  });

  it("situation 96: while reads fail the gate stays shut, and nothing is read as empty", async () => {
    const when = { afterMs: 5_000, untilMs: 40_000 };
    const at = await meeting({
      faults: [{ what: "httpStatus", status: 500, body: "null", to: { path: "/info" }, when }],
    });
    const { clock, engine } = at;
    const order = await rested(at);
    clock.advanceTo(5_500);
    at.cable.disconnect();
    await hit(at);
    clock.advanceTo(39_000);
    expect(engine.status).toMatchObject({ barrier: "recovering", gate: { place: false } });
    expect(at.path(order)[1]).toBe("resting");
    expect(at.path(order)).not.toContain("canceled");
    expect(at.certificates.every(({ complete }) => !complete)).toBe(true);
    expect(at.certificates.at(-1)?.unresolved).toContainEqual(
      expect.objectContaining({ kind: "read", query: "openOrders" }),
    );
    until(clock, () => isOpen(at));
    expect(at.certificates.at(-1)).toMatchObject({ complete: true, unresolved: [] });
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    at.expectBooksAgree();
  });

  it("situation 96: a page full of one millisecond is no whole window: certified as cut, alarmed, read again", async () => {
    let rows: readonly unknown[] | undefined;
    const at = await meeting({
      meddle: {
        answer: ({ request }) => {
          const isFills = rows !== undefined && request.includes("userFillsByTime");
          return isFills ? { instead: { status: 200, body: JSON.stringify(rows) } } : "deliver";
        },
      },
    });
    const { clock, engine } = at;
    const order = await rested(at);
    await hit(at);
    rows = Array.from({ length: 2_000 }, () => at.truth().fills.at(-1));
    at.cable.disconnect();
    until(clock, () => !isOpen(at));
    await hit(at);
    until(clock, () => isOpen(at));
    expect(engine.certificate).toMatchObject({ cause: "reconnect", complete: false });
    expect(engine.certificate?.windows).toMatchObject([{ complete: false }]);
    expect(engine.certificate?.unresolved).toContainEqual(
      expect.objectContaining({ kind: "fills" }),
    );
    expect(at.alarmed()).toContain("fillsTruncated");
    // The other fill came with the snapshot, each of them once.
    expect(order.view().filled).toBe("0.001");
    expect(at.fills).toHaveLength(2);
    rows = undefined;
    const certificate = await settle(clock, engine.reconcile());
    expect(certificate).toMatchObject({ complete: true, unresolved: [] });
    at.expectBooksAgree();
  });

  it("situation 96: fills that no read and no snapshot shows are missed by the chain, not invented", async () => {
    const when = { afterMs: 5_000, untilMs: 40_000 };
    const at = await meeting({
      faults: [
        { what: "truncatePage", keep: 0, to: { type: "userFillsByTime", account: ACCOUNT }, when },
        { what: "truncateSnapshot", keep: 0, to: { account: ACCOUNT }, when },
      ],
    });
    const { clock } = at;
    const order = await rested(at);
    clock.advanceTo(5_500);
    at.cable.disconnect();
    until(clock, () => !isOpen(at));
    await hit(at);
    until(clock, () => isOpen(at));
    expect(at.fills).toEqual([]);
    clock.advanceTo(39_000);
    expect(at.alarmed()).toContain("positionDiffers");
    expect(order.view()).toMatchObject({ state: "resting", filled: "0" });
    clock.advanceTo(75_000);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expect(at.fills).toHaveLength(1);
    at.expectBooksAgree();
  });
});

describe("words out of their order", () => {
  const late = (channel: string, contains: string) => ({
    ...{ what: "delayFrame", ms: 3_000, to: { channel, account: ACCOUNT, contains } },
  });

  it("situation 101: an `open` that comes after `canceled` opens nothing again", async () => {
    const at = await meeting({ faults: [late("orderUpdates", '"status":"open"')] });
    const order = await rested(at);
    expect(await settle(at.clock, order.cancel())).toMatchObject({ state: "canceled" });
    at.clock.advanceBy(5_000);
    expect(at.path(order)).toEqual(["pending", "resting", "canceled"]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });

  it("situation 101: a fill that comes after `canceled` is booked to its leg, and the order stays ended", async () => {
    const at = await meeting({ faults: [late("userFills", "tid")] });
    const order = await rested(at);
    await hit(at);
    const canceled = await settle(at.clock, order.cancel());
    expect(canceled).toMatchObject({ kind: "settled", state: "canceled" });
    expect(await settle(at.clock, order.closed)).toMatchObject({
      state: "canceled",
      filled: "0.0005",
      ledger: "complete",
    });
    expect(at.path(order)).toEqual(["pending", "resting", "canceled"]);
    expect(at.fills).toMatchObject([{ size: "0.0005", cloid: order.cloid }]);
    at.expectBooksAgree();
  });

  it("situation 101: an old leg's `open` that comes after the new one's does not bring it back", async () => {
    const at = await meeting({
      faults: [
        { ...late("orderUpdates", '"status":"open"'), times: 1 },
        { what: "reorderArray", to: { channel: "orderUpdates", account: ACCOUNT } },
        { what: "splitArray", to: { channel: "orderUpdates", account: ACCOUNT } },
      ],
    });
    const order = await rested(at);
    const moved = await settle(at.clock, order.modify({ price: "49990" }));
    expect(moved).toMatchObject({ kind: "accepted" });
    at.clock.advanceBy(5_000);
    expect(at.path(order)).toEqual(["pending", "resting"]);
    expect(order.view()).toMatchObject({ price: "49990", leaves: "0.002" });
    expect(order.view().oid).toBe(at.truth().orders.at(-1)?.oid);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });
});
