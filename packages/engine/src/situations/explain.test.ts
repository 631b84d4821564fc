import { type Explanation, parseCloid } from "@cloister/model";
import { describe, expect, it } from "vitest";
import type { Engine } from "../api.ts";
import { explainText } from "../views/explain-text.ts";
import {
  admitted,
  AT,
  CANCELED,
  FILLED,
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

/** What a person reads. The data behind it is JSON, and of the engine's own kind of order. */
function read(engine: Engine, cloid: string): string {
  const why = engine.explain(cloid);
  expect(JSON.parse(JSON.stringify(why))).toEqual(why);
  const text = explainText(why).replaceAll(cloid, "CLOID");
  // How many ticks a start takes is no part of the answer.
  const first = Number(/#(\d+)/.exec(text)?.[1] ?? 0);
  const counted = text.replaceAll(/#(\d+)/g, (_, nth: string) => `#${Number(nth) - first}`);
  return `\n${counted.replace(/tick \d+/, "tick N")}\n`;
}

function tracked(why: Explanation): Extract<Explanation, { kind: "tracked" }> {
  if (why.kind !== "tracked") throw new Error(`is ${why.kind}`);
  return why;
}

describe("why an order is as it is", () => {
  it("situation 7: a place that is doubtful, with its door open", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place({ ...SPEC, tag: "mm-1" });
    venue.answers = () => undefined;
    clock.advanceBy(5_700);
    expect(read(engine, order.cloid)).toMatchInlineSnapshot(`
      "
      CLOID "mm-1": buy 0.001 BTC at 64000 Gtc
        pending: no word of the venue shows it there, and none says that it will not come; latest: it was sent
        filled 0, leaves 0.001; ledger complete; may still buy 0.001
        requests:
          place 1 is closing; door open: its nonce is not known to be spent; it expires in 12000 ms of venue time
            copy 1 by socket 5700 ms ago: not answered
            noop 2 by rest 700 ms ago: not answered
        waits for:
          place 1: proof that nothing of it can land any more: its nonce spent, a noop taken, or its expiry passed
          place 1: or any word that shows its order at the venue
        next:
          in 300 ms: place 1 asks the venue again
          in 6301 ms: place 1 judges whether it has expired
        evidence:
          #0 new → pending: placed by command 1 (command)
          #1 pending: it was sent (request at 00:00:00.001Z)
      "
    `);
    expect(engine.explain(order.cloid)).toMatchObject({
      requests: [
        {
          state: "closing",
          door: { open: true },
          copies: [
            { of: "request", mouth: "socket", agoMs: 5_700 },
            { of: "noop", mouth: "rest", agoMs: 700 },
          ],
        },
      ],
      next: [{ deadline: "look", inMs: 300 }, { deadline: "expiry" }],
      exposure: { side: "buy", most: "0.001" },
    });
  });

  it("situation 12: a place whose door is closed, and that is looked for", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    venue.answers = () => undefined;
    clock.advanceBy(5_000);
    venue.replies({ admission: "nonceSpent", how: "duplicate", text: "duplicate nonce" });
    clock.advanceBy(100);
    expect(read(engine, order.cloid)).toMatchInlineSnapshot(`
      "
      CLOID: buy 0.001 BTC at 64000 Gtc
        pending: no word of the venue shows it there, and none says that it will not come; latest: it was sent
        filled 0, leaves 0.001; ledger complete; may still buy 0.001
        requests:
          place 1 is looking; door closed: noop 2 was told that the nonce is spent
            copy 1 by socket 5100 ms ago: not answered
            noop 2 by rest 100 ms ago: nonceSpent
        waits for:
          place 1: reads begun after its door closed: unknownOid twice, 2000 ms apart
          place 1: then two complete lists of open orders, 2000 ms apart, and a complete list of fills
        next:
          in 1900 ms: place 1 asks the venue again
        evidence:
          #0 new → pending: placed by command 1 (command)
          #1 pending: it was sent (request at 00:00:00.001Z)
      "
    `);
    expect(engine.explain(order.cloid)).toMatchObject({
      requests: [{ state: "looking", door: { open: false } }],
    });
  });

  it("situation 77: a modify on its way, with both legs in its exposure", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    void order.modify({ price: "63990", leaves: "0.002" });
    clock.advanceBy(12);
    expect(read(engine, order.cloid)).toMatchInlineSnapshot(`
      "
      CLOID: buy 0.001 BTC at 64000 Gtc
        resting: the venue has it open, and nothing of it has filled; latest: modify 2 is on its way
        filled 0, leaves 0.001; ledger open; may still buy 0.003
        legs:
          7, filled 0: open
        requests:
          modify 2 is inFlight; door open: its nonce is not known to be spent; it expires in 12000 ms of venue time
            copy 2 by socket 12 ms ago: not answered
        waits for:
          modify 2: the answer to copy 2 by socket
        next:
          in 4988 ms: modify 2 becomes doubtful, if it is not answered
        evidence:
          #0 new → pending: placed by command 1 (command)
          #1 pending: it was sent (request at 00:00:00.001Z)
          #2 pending → resting: leg 7 is open (answer at 00:00:00.001Z)
          #4 resting: modify 2 is on its way (request)
      "
    `);
    expect(tracked(engine.explain(order.cloid)).exposure.most).toBe("0.003");
    venue.says(told(order.cloid, 8, OPEN, { size: "0.002", left: "0.002" }));
    expect(read(engine, order.cloid)).toMatchInlineSnapshot(`
      "
      CLOID: buy 0.002 BTC at 64000 Gtc
        resting: the venue has it open, and nothing of it has filled; latest: modify 2 made leg 8 in place of leg 7
        filled 0, leaves 0.002; ledger open; may still buy 0.003
        legs:
          7, filled 0: canceled (replaced) at 22:13:20.000Z
          8 0.002 at 64000, filled 0: open
        next:
          in 2000 ms: fills of the order are read
        evidence:
          #0 new → pending: placed by command 1 (command)
          #1 pending: it was sent (request at 00:00:00.001Z)
          #2 pending → resting: leg 7 is open (answer at 00:00:00.001Z)
          #4 resting: modify 2 is on its way (request)
          #5 resting: leg 8 is open (orderUpdates at 22:13:20.000Z)
          #5 resting: modify 2 made leg 8 in place of leg 7 (request at 22:13:20.000Z)
      "
    `);
    expect(tracked(engine.explain(order.cloid)).legs.map(({ oid }) => oid)).toEqual([7, 8]);
  });

  it("situation 57: a part has filled, and the rest is being canceled", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    venue.says(told(order.cloid, 7, OPEN), traded(7, 1, { size: "0.0004" }));
    void order.cancel();
    clock.advanceBy(250);
    expect(read(engine, order.cloid)).toMatchInlineSnapshot(`
      "
      CLOID: buy 0.001 BTC at 64000 Gtc
        partiallyFilled: the venue has it open, and a part of it has filled; latest: leg 7 filled 0.0004 at 64000, trade 1
        filled 0.0004, leaves 0.0006; ledger open; may still buy 0.0006
        legs:
          7 0.001 at 64000, filled 0.0004: triggered
        requests:
          cancel 3 is inFlight
            copy 2 by socket: not answered
        waits for:
          cancel 3: the answer to copy 2, attempt 1
          cancel 3: the end of its order and of what else is open on it
        next:
          in 4750 ms: cancel 3 is looked after, if it is not answered
        evidence:
          #0 new → pending: placed by command 1 (command)
          #1 pending: it was sent (request at 00:00:00.001Z)
          #2 pending → resting: leg 7 is open (answer at 00:00:00.001Z)
          #3 resting: leg 7 is open (orderUpdates at 22:13:20.000Z)
          #3 resting → partiallyFilled: leg 7 filled 0.0004 at 64000, trade 1 (userFills at 22:13:20.001Z)
      "
    `);
    venue.replies(admitted(SUCCESS));
    venue.says(told(order.cloid, 7, CANCELED, { left: "0.0006" }));
    expect(read(engine, order.cloid)).toMatchInlineSnapshot(`
      "
      CLOID: buy 0.001 BTC at 64000 Gtc
        canceled (requested): it was at the venue, and has ended; latest: leg 7 was canceled: requested
        filled 0.0004, leaves 0; ledger complete; may still buy 0
        legs:
          7 0.001 at 64000, filled 0.0004: canceled (requested) at 22:13:20.000Z
        next:
          in 2000 ms: fills of the order are read
          in 2000 ms: the order leaves the book
        evidence:
          #0 new → pending: placed by command 1 (command)
          #1 pending: it was sent (request at 00:00:00.001Z)
          #2 pending → resting: leg 7 is open (answer at 00:00:00.001Z)
          #3 resting: leg 7 is open (orderUpdates at 22:13:20.000Z)
          #3 resting → partiallyFilled: leg 7 filled 0.0004 at 64000, trade 1 (userFills at 22:13:20.001Z)
          #6 partiallyFilled → canceled: leg 7 was canceled: requested (answer at 22:13:20.001Z)
          #9 canceled: leg 7 was canceled: requested (orderUpdates at 22:13:20.000Z)
      "
    `);
  });

  it("situation 88: a child that sleeps until its parent fills", async () => {
    const { engine, venue } = await rig();
    const trigger = { price: "60000", kind: "sl", market: true } as const;
    const child = { ...SPEC, side: "sell", price: "60000", reduceOnly: true, trigger } as const;
    const [, stop] = engine.placeMany([SPEC, child], { grouping: "normalTpsl" });
    venue.replies(admitted(resting(7), { kind: "waiting", waitsFor: "parent" }));
    const cloid = stop?.cloid ?? "";
    expect(read(engine, cloid)).toMatchInlineSnapshot(`
      "
      CLOID: sell 0.001 BTC at 60000 Gtc
        untriggered: the venue has it, and it sleeps; latest: taken, and waits for its parent
        filled 0, leaves 0.001; ledger complete; may still sell 0.001
        waits for:
          its parent to fill
        evidence:
          #0 new → pending: placed by command 1 (command)
          #1 pending: it was sent (request at 00:00:00.001Z)
          #2 pending → untriggered: taken, and waits for its parent (answer)
      "
    `);
  });

  it("situation 107: a stranger that was adopted, and one that is only watched", async () => {
    const cloid = parseCloid("ab".repeat(16));
    const listed = report(cloid, 70, OPEN);
    const adopting = await rig({ strangers: "adopt" }, (venue) => {
      venue.answers = (query) =>
        query.kind === "openOrders" ? { kind: "openOrders", orders: [listed] } : calm(query);
    });
    expect(read(adopting.engine, cloid)).toMatchInlineSnapshot(`
      "
      CLOID: buy 0.001 BTC at 64000 Gtc, taken in as ours
        resting: the venue has it open, and nothing of it has filled; latest: leg 70 is open
        filled 0, leaves 0.001; ledger open; may still buy 0.001
        legs:
          70 0.001 at 64000, filled 0: open
        evidence:
          #0 new → pending: the venue lists leg 70, which nobody here had placed (openOrders)
          #0 pending: it was sent (request at 22:13:20.000Z)
          #0 pending → resting: leg 70 is open (openOrders at 22:13:20.000Z)
      "
    `);
    const watching = await rig();
    watching.venue.says(told(cloid, 70, OPEN));
    expect(read(watching.engine, cloid)).toMatchInlineSnapshot(`
      "
      CLOID BTC, oid 70: an order on the account that is not ours: it is watched, and left alone
        leg 70 is open
      "
    `);
  });

  it("a place that waits: for the recovery, or for resume", async () => {
    const { engine, venue } = await rig();
    venue.answers = () => undefined;
    venue.says(LOST, { type: "connection.live", epoch: 2 });
    const order = engine.place(SPEC);
    expect(engine.explain(order.cloid)).toMatchObject({
      requests: [{ state: "queued", door: { open: false, by: "not a byte of it has left" } }],
      waitsFor: ["place 1: the recovery to end"],
      next: [{ deadline: "queue", text: "place 1 ends expiredInQueue" }],
    });
  });

  it("an order that is not taken by the inbox yet has an answer too", async () => {
    const { engine } = await rig();
    const seen: string[] = [];
    engine.ticks$.subscribe(() => {
      if (seen.length > 0) return;
      const order = engine.place(SPEC);
      seen.push(explainText(engine.explain(order.cloid)));
    });
    engine.halt("for the test");
    expect(seen[0]).toContain("nothing was told of it yet");
  });
});

describe("what is left to say of others", () => {
  it("situation 123: an order that left the book is told from its tombstone", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place({ ...SPEC, tag: "mm-1" });
    venue.replies(admitted(resting(7)));
    venue.says(traded(7, 1), told(order.cloid, 7, FILLED, { left: "0" }));
    clock.advanceBy(60_000);
    const buried = engine.explain(order.cloid);
    expect(buried).toMatchObject({ kind: "reaped", tag: "mm-1", state: "filled", oids: [7] });
    expect(read(engine, order.cloid)).toMatchInlineSnapshot(`
      "
      CLOID BTC: ended filled, and left the book with tick N; the journal has its evidence
        filled 0.001; legs 7
      "
    `);
  });

  it("a cloid that nobody knows, and text that is no cloid", async () => {
    const { engine } = await rig();
    const cloid = `0x${"cd".repeat(16)}`;
    expect(engine.explain(cloid)).toMatchObject({ kind: "unknown", cloid });
    expect(read(engine, cloid)).toContain("is in no book here");
    expect(read(engine, "nonsense")).toContain("is no cloid");
  });
});

describe("what is kept of an order", () => {
  it("the first piece of evidence and the latest, however long it lives; alarms with what to do", async () => {
    const { engine, venue } = await rig();
    const order = engine.place({ ...SPEC, size: "1" });
    venue.replies(admitted(resting(7)));
    for (let tid = 1; tid <= 200; tid += 1) venue.says(traded(7, tid, { size: "0.00001" }));
    const { evidence, evidenceForgotten } = tracked(engine.explain(order.cloid));
    expect(evidence).toHaveLength(64);
    expect(evidence[0]).toMatchObject({ type: "command.place", source: "command", from: "new" });
    expect(evidence.at(-1)).toMatchObject({
      ...{ type: "venue.fill", source: "userFills", venueAtMs: AT + 1, to: "partiallyFilled" },
      text: "leg 7 filled 0.00001 at 64000, trade 200",
    });
    const sequences = evidence.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(evidenceForgotten + evidence.length).toBeGreaterThanOrEqual(201);
    expect(read(engine, order.cloid)).toContain("more");
    venue.says(traded(7, 1, { size: "0.5" }));
    expect(tracked(engine.explain(order.cloid)).alarms).toMatchObject([
      { name: "otherPrice", advice: expect.stringContaining("compare with the venue") as string },
    ]);
  });
});
