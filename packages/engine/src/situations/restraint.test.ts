import { describe, expect, it } from "vitest";
import { admitted, elementError, OPEN, resting, rig, SPEC, told } from "./rig.fixture.ts";

const UPGRADED = elementError(
  "postOnlyPeriod",
  "Only post-only orders allowed immediately after network upgrade",
  true,
);
const ALO = { ...SPEC, tif: "Alo" } as const;

describe("what the venue says of all orders", () => {
  it("situation 24: after an upgrade takers are refused here for a while, post-only orders and modifies pass", async () => {
    const { engine, venue, clock, alarmed } = await rig();
    const taker = engine.place(SPEC);
    venue.replies(admitted(UPGRADED));
    expect(taker.view()).toMatchObject({ state: "rejected", cause: "postOnlyPeriod" });
    expect(alarmed()).toEqual(["postOnlyPeriod"]);
    const another = engine.place({ ...SPEC, tif: "Ioc" });
    expect(await another.acknowledged).toMatchObject({
      kind: "refused",
      by: "local",
      reason: "postOnlyPeriod",
    });
    expect(venue.written).toHaveLength(1);
    const maker = engine.place(ALO);
    venue.replies(admitted(resting(7)));
    expect(maker.view().state).toBe("resting");
    void maker.modify({ price: "63990" });
    expect(venue.written.at(-1)?.action.kind).toBe("modify");
    clock.advanceBy(10_000);
    engine.place(SPEC);
    expect(venue.written.at(-1)?.action.kind).toBe("place");
  });

  it("situation 24: a batch with one taker in it is refused as a whole", async () => {
    const { engine, venue } = await rig();
    engine.place(SPEC);
    venue.replies(admitted(UPGRADED));
    const batch = engine.placeMany([ALO, SPEC]);
    expect(batch.map((order) => order.view().state)).toEqual(["rejected", "rejected"]);
  });

  it("situation 25: a key that the venue does not know halts trading at once, with one alarm", async () => {
    const { engine, venue, clock, alarmed } = await rig({ limits: { inFlightMax: 2 } });
    const [first, second, waits] = [engine.place(SPEC), engine.place(SPEC), engine.place(SPEC)];
    const unknown = {
      admission: "notAdmitted",
      reason: "unknownSigner",
      text: "User or API Wallet 0x44 does not exist.",
    } as const;
    const [copy, other] = venue.written;
    venue.replies(unknown, copy);
    venue.replies(unknown, other);
    expect(first.view()).toMatchObject({ state: "rejected", cause: "unknownSigner" });
    expect(waits.view()).toMatchObject({ state: "rejected", cause: "halted" });
    expect(engine.status).toMatchObject({ brake: "halted", gate: { place: false } });
    expect(alarmed().filter((name) => name === "signerUnknown")).toHaveLength(1);
    expect(engine.place(SPEC).view()).toMatchObject({ cause: "halted" });
    // The one that was withdrawn is settled by its own refusal.
    expect(second.view()).toMatchObject({ state: "rejected" });
    const before = venue.written.length;
    clock.advanceBy(60_000);
    expect(venue.written.length - before, "no storm").toBeLessThan(5);
    engine.resume();
    expect(engine.place(SPEC).view().state).toBe("pending");
  });

  it("situation 25: cancels are tried again at a pace, and none of them leaves the queue clogged", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    void order.cancel();
    const unknown = { admission: "notAdmitted", reason: "unknownSigner", text: "who?" } as const;
    for (let second = 0; second < 120; second += 1) {
      for (const written of venue.written.filter(({ action }) => action.kind === "cancel")) {
        venue.replies(unknown, written);
      }
      clock.advanceBy(1_000);
    }
    const cancels = venue.written.filter(({ action }) => action.kind === "cancel");
    expect(cancels.length).toBeLessThan(20);
    expect(engine.status).toMatchObject({ inFlight: 0 });
  });

  it("situation 14: a nonce that somebody else spent holds places until the request is decided", async () => {
    const { engine, venue, clock, alarmed } = await rig();
    const order = engine.place(SPEC);
    venue.answers = () => undefined;
    venue.replies({ admission: "nonceSpent", how: "duplicate", text: "duplicate nonce" });
    expect(alarmed()).toEqual(["signerShared"]);
    expect(engine.status.gate).toEqual({ place: false, modify: true, cancel: true });
    const held = engine.place(SPEC);
    expect(held.view()).toMatchObject({ state: "pending", requests: [{ state: "queued" }] });
    clock.advanceBy(500);
    venue.says(told(order.cloid, 7, OPEN));
    expect(order.view()).toMatchObject({ state: "resting", oid: 7 });
    expect(engine.status.gate.place).toBe(true);
    expect(venue.written.at(-1)?.action).toMatchObject({ orders: [{ cloid: held.cloid }] });
  });
});
