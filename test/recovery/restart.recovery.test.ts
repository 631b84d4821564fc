import { memoryJournal } from "@cloister/journal";
import { CloisterError, type Journal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { OTHER, settle } from "../simulation/world.ts";
import { type Life, lives, type Lives } from "./lives.fixture.ts";

const BID = { coin: "BTC", side: "buy", price: "50000", size: "0.002", tif: "Gtc" } as const;

/** Dies at the first boundary of this kind from now on. */
function mortal(): { dies: (boundary: string) => boolean; at: string | undefined } {
  const death: { dies: (boundary: string) => boolean; at: string | undefined } = {
    dies: (boundary) => boundary === death.at,
    at: undefined,
  };
  return death;
}

/** A journal on a disk that may be full. */
function refusing(disk: { isFull: boolean }): Journal {
  const journal = memoryJournal({ mark: "c1015700" });
  return {
    mark: journal.mark,
    recall: () => journal.recall(),
    append(record) {
      if (disk.isFull) throw new CloisterError("journalFailed", "the disk is full");
      journal.append(record);
    },
    whenDurable: (done) => journal.whenDurable(done),
    checkpoint: (checkpoint) => journal.checkpoint(checkpoint),
    close: () => undefined,
  };
}

const oneOrder = ({ exchange }: Lives) => exchange.truth().accounts[0]?.orders ?? [];

/** What a life emitted of orders: neither its beginning nor its looks. */
const changesOf = ({ ticks }: Life) => ticks.flatMap(({ changes }) => changes);

describe("a process that dies", () => {
  it("situation 104: between record and send: the order is never sent, and proved never to have landed", async () => {
    const at = lives();
    const death = mortal();
    const first = await at.begin({ dies: death.dies });
    death.at = "send";
    const { cloid } = first.engine.place(BID);
    expect(first.fate.isDead).toBe(true);
    const second = await at.begin();
    at.clock.advanceBy(1_000);
    expect(changesOf(second)).toMatchObject([
      {
        cloid,
        from: "pending",
        to: "rejected",
        evidence: { type: "proof.neverLanded", by: "noop" },
      },
    ]);
    expect(oneOrder(at)).toEqual([]);
    expect(at.sent()).toEqual(["noop"]);
  });

  it("situation 104: while it records: the order was never there", async () => {
    const at = lives();
    const death = mortal();
    const first = await at.begin({ dies: death.dies });
    death.at = "record";
    const { cloid } = first.engine.place(BID);
    const second = await at.begin();
    expect(second.engine.order(cloid)).toBeUndefined();
    expect(second.engine.orders).toEqual([]);
    expect(at.sent()).toEqual([]);
  });

  it("situation 105: between send and answer: the order is found by its cloid, and nothing is sent twice", async () => {
    const at = lives();
    const death = mortal();
    const first = await at.begin({ dies: death.dies });
    death.at = "sent";
    const { cloid } = first.engine.place(BID);
    expect(first.fate.isDead).toBe(true);
    at.clock.advanceBy(2_000);
    const second = await at.begin();
    at.clock.advanceBy(5_000);
    expect(second.engine.order(cloid)?.view()).toMatchObject({ state: "resting", requests: [] });
    expect(oneOrder(at)).toHaveLength(1);
    expect(at.sent().filter((type) => type === "order")).toHaveLength(1);
    expect(second.engine.status).toMatchObject({ doubtful: 0, inFlight: 0 });
  });

  it("situation 106: what was filled and canceled while nobody lived ends right, each fill once", async () => {
    const at = lives();
    const first = await at.begin();
    const whole = first.engine.place(BID);
    const part = first.engine.place({ ...BID, price: "49900" });
    const gone = first.engine.place({ ...BID, price: "49800" });
    await settle(at.clock, Promise.all([whole, part, gone].map((order) => order.acknowledged)));
    const oid = gone.view().oid ?? 0;
    first.fate.kill();
    const other = await at.begin({ account: OTHER, isOther: true });
    const sell = { ...BID, side: "sell", price: "49900", size: "0.0025", tif: "Ioc" } as const;
    await settle(at.clock, other.engine.place(sell).closed);
    const status = "marginCanceled";
    at.exchange.market({
      steps: [
        { do: "cancelAs", account: at.exchange.truth().accounts[0]?.address ?? "", oid, status },
      ],
    });
    at.clock.advanceBy(60_000);
    const second = await at.begin();
    at.clock.advanceBy(10_000);
    const ends = new Map(changesOf(second).map((change) => [change.cloid, change]));
    expect(second.engine.order(part.cloid)?.view()).toMatchObject({
      state: "partiallyFilled",
      filled: "0.0005",
    });
    expect([whole, gone].map(({ cloid }) => second.engine.order(cloid))).toEqual([
      undefined,
      undefined,
    ]);
    expect(ends.get(whole.cloid)?.to).toBe("reaped");
    expect(ends.get(gone.cloid)?.to).toBe("reaped");
    const path = changesOf(second)
      .filter(({ cloid, from, to }) => cloid === gone.cloid && from !== to)
      .map(({ to }) => to);
    expect(path).toEqual(["canceled", "reaped"]);
    expect(second.engine.positions).toEqual([{ coin: "BTC", size: "0.0025" }]);
    expect(second.alarms).toEqual([]);
  });

  it("situation 109: a cancel that was not answered is sent again under a new nonce, its attempts go on", async () => {
    const at = lives();
    const death = mortal();
    const first = await at.begin({ dies: death.dies });
    const order = first.engine.place(BID);
    await settle(at.clock, order.acknowledged);
    death.at = "send";
    void order.cancel();
    expect(first.fate.isDead).toBe(true);
    const second = await at.begin();
    at.clock.advanceBy(500);
    expect(second.engine.order(order.cloid)?.view().requests).toMatchObject([{ kind: "cancel" }]);
    at.clock.advanceBy(10_000);
    expect(at.sent()).toEqual(["order", "cancel"]);
    expect(oneOrder(at)).toMatchObject([{ open: false }]);
    expect(second.engine.order(order.cloid)).toBeUndefined();
    expect(second.engine.status).toMatchObject({ doubtful: 0, inFlight: 0 });
  });

  it("situation 109: a place that might have been landed again is not, once another process lives", async () => {
    const at = lives();
    const first = await at.begin();
    const blind = { ...BID, onDoubt: "land" } as const;
    const order = first.engine.place(blind);
    at.clock.advanceBy(1);
    first.fate.kill();
    at.clock.advanceBy(500);
    const second = await at.begin();
    at.clock.advanceBy(20_000);
    const sent = at.sent();
    expect(sent.filter((type) => type === "order")).toHaveLength(1);
    expect(second.engine.status).toMatchObject({ doubtful: 0, inFlight: 0 });
    expect(second.engine.order(order.cloid)?.view().state).toBe("resting");
  });

  it("situation 109: a modify that was not answered: both legs are looked for, one lives in the end", async () => {
    const at = lives();
    const death = mortal();
    const first = await at.begin({ dies: death.dies });
    const order = first.engine.place(BID);
    await settle(at.clock, order.acknowledged);
    death.at = "sent";
    void order.modify({ price: "49990" });
    expect(first.fate.isDead).toBe(true);
    at.clock.advanceBy(1_000);
    const second = await at.begin();
    at.clock.advanceBy(20_000);
    expect(oneOrder(at).map(({ open }) => open)).toEqual([false, true]);
    expect(second.engine.order(order.cloid)?.view()).toMatchObject({
      ...{ state: "resting", price: "49990", requests: [] },
    });
    expect(second.engine.status).toMatchObject({ doubtful: 0, inFlight: 0 });
  });

  it("situation 112: records that have no beginning are refused, not guessed at", async () => {
    const journal = memoryJournal({ mark: "c1015700" });
    const old = { kind: "venue", facts: [] } as const;
    journal.append({ sequence: 1, atMs: 1, monotonicMs: 1, input: old });
    const at = lives({ journal, isWhole: false });
    const refused = expect.objectContaining({ code: "journalVersion" });
    await expect(at.begin()).rejects.toEqual(refused);
  });

  it("situation 111: a second recovery in a row emits nothing new", async () => {
    const at = lives();
    const first = await at.begin();
    const order = first.engine.place(BID);
    await settle(at.clock, order.acknowledged);
    at.clock.advanceBy(3_000);
    first.fate.kill();
    const second = await at.begin();
    at.clock.advanceBy(3_000);
    second.fate.kill();
    const third = await at.begin();
    at.clock.advanceBy(3_000);
    for (const life of [second, third]) {
      expect(changesOf(life)).toEqual([]);
      expect(life.alarms).toEqual([]);
      expect(life.engine.orders).toMatchObject([{ cloid: order.cloid, state: "resting" }]);
    }
    expect(at.sent()).toEqual(["order"]);
  });

  it("situation 116: a brake that was pulled stays pulled", async () => {
    const at = lives();
    const first = await at.begin();
    first.engine.halt("a person said so");
    first.fate.kill();
    const second = await at.begin();
    expect(second.engine.status).toMatchObject({ brake: "halted", gate: { place: false } });
    const order = second.engine.place(BID);
    expect(await settle(at.clock, order.acknowledged)).toMatchObject({ reason: "halted" });
    second.engine.resume();
    second.fate.kill();
    const third = await at.begin();
    expect(third.engine.status).toMatchObject({ brake: "released", gate: { place: true } });
  });

  it("situation 107: an order placed by hand while nobody lived is left alone", async () => {
    const at = lives();
    const first = await at.begin();
    first.fate.kill();
    const hand = await at.begin({ isOther: true });
    await settle(at.clock, hand.engine.place(BID).acknowledged);
    hand.fate.kill();
    const second = await at.begin();
    at.clock.advanceBy(30_000);
    expect(second.engine.orders).toEqual([]);
    expect(oneOrder(at)).toMatchObject([{ open: true }]);
  });

  it("situation 108: records that the disk refused are told, and what was placed after them is found", async () => {
    const disk = { isFull: false };
    const at = lives({ journal: refusing(disk) });
    const first = await at.begin();
    const before = first.engine.place(BID);
    await settle(at.clock, before.acknowledged);
    disk.isFull = true;
    expect(await settle(at.clock, first.engine.place(BID).acknowledged)).toMatchObject({
      reason: "journalFailed",
    });
    expect(await settle(at.clock, before.cancel())).toMatchObject({ kind: "settled" });
    disk.isFull = false;
    first.engine.resume();
    const after = first.engine.place({ ...BID, price: "49900" });
    await settle(at.clock, after.acknowledged);
    first.fate.kill();
    const second = await at.begin();
    at.clock.advanceBy(10_000);
    expect(second.alarms[0]).toMatchObject({ name: "journalDamaged" });
    expect(second.engine.orders).toMatchObject([{ cloid: after.cloid, state: "resting" }]);
    expect(oneOrder(at).map(({ open }) => open)).toEqual([false, true]);
  });

  it("a journal of another account or network is refused before anything is asked", async () => {
    const at = lives();
    const first = await at.begin();
    first.fate.kill();
    const refused = expect.objectContaining({ code: "invalidOption" });
    await expect(at.begin({ account: OTHER })).rejects.toEqual(refused);
    await expect(at.begin({ http: "http://127.0.0.1:2" })).rejects.toEqual(refused);
  });
});
