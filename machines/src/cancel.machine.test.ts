import { type Oid, parseCloid, parseCoin, parseOid } from "@cloister/model";
import fc from "fast-check";
import { createActor } from "xstate";
import { describe, expect, it } from "vitest";
import type { CancelEvent, CancelEventType, CancelLegs } from "./cancel.events.ts";
import { type CancelFacts, openCancel } from "./cancel.facts.ts";
import { cancelMachine } from "./cancel.machine.ts";
import { type CancelState, isOver, judge } from "./cancel.state.ts";
import { type CancelWish, wants } from "./cancel.wants.ts";

// "." stays, a word is the next state.
const TABLE = `
                            queued    signing   inFlight  looking
slot.granted                signing   .         .         .
target.ended                settled   settled   settled   settled
request.signed              .         inFlight  .         .
sign.failed                 .         looking   .         .
copy.written                .         .         .         .
copy.answered, refused      .         .         looking   .
copy.answered, success      .         .         looking   .
send.failed                 .         .         looking   .
deadline.passed             .         .         looking   .
connection.lost             .         .         looking   .
deadline.retry              .         .         .         signing
engine.restarted            signing   looking   looking   .
engine.stopped              refused   refused   looking   .
`;

const BTC = parseCoin("BTC");
const A = parseCloid("0x000000000000000000000000000000a1");
const B = parseCloid("0x000000000000000000000000000000b2");
const oid = (n: number): Oid => parseOid(n);
const known: CancelLegs = {
  byOid: [{ coin: BTC, cloid: A, oid: oid(5) }],
  byCloid: [],
  mouth: "socket",
};
const both: CancelLegs = {
  byOid: [{ coin: BTC, cloid: A, oid: oid(5) }],
  byCloid: [{ coin: BTC, cloid: A }],
  mouth: "rest",
};
const at = { atMs: 10 };
const granted: CancelEvent = { type: "slot.granted", atMs: 0, legs: known };
const signed: CancelEvent = { type: "request.signed", ...at, attempt: 1, write: "cancel" };
const written: CancelEvent = { type: "copy.written", ...at, attempt: 1, write: "cancel", copy: 1 };
const late: CancelEvent = { type: "deadline.passed", atMs: 5_000 };
const retry: CancelEvent = { type: "deadline.retry", atMs: 6_000, legs: known };
const ended: CancelEvent = { type: "target.ended", ...at, cloid: A };

function answered(copy: number, ...outcomes: readonly ("success" | "error")[]): CancelEvent {
  return { type: "copy.answered", atMs: 300, copy, outcomes, venueTime: 1_000 };
}

const EVENTS: Record<string, CancelEvent> = {
  "slot.granted": granted,
  "target.ended": ended,
  "request.signed": signed,
  "sign.failed": { type: "sign.failed", ...at, attempt: 1, write: "cancel", reason: "no key" },
  "copy.written": { ...written, copy: 7 },
  "copy.answered, refused": answered(1, "error"),
  "copy.answered, success": answered(1, "success"),
  "send.failed": { type: "send.failed", ...at, copy: 1 },
  "deadline.passed": late,
  "connection.lost": { type: "connection.lost", ...at },
  "deadline.retry": retry,
  "engine.restarted": { type: "engine.restarted", ...at, legs: known },
  "engine.stopped": { type: "engine.stopped", ...at },
};

const EVERY_EVENT: Record<CancelEventType, true> = {
  "slot.granted": true,
  "target.ended": true,
  "request.signed": true,
  "sign.failed": true,
  "copy.written": true,
  "copy.answered": true,
  "send.failed": true,
  "deadline.passed": true,
  "connection.lost": true,
  "deadline.retry": true,
  "engine.restarted": true,
  "engine.stopped": true,
};

const WAYS: Record<string, readonly CancelEvent[]> = {
  queued: [],
  signing: [granted],
  inFlight: [granted, signed, written],
  looking: [granted, signed, written, late],
  settled: [granted, ended],
  refused: [{ type: "engine.stopped", ...at }],
};

/** A cancel that is checked after every event and keeps its wishes. */
class Story {
  wishes: readonly CancelWish[] = [];
  readonly all: CancelWish[] = [];
  readonly #actor;

  constructor(...cloids: readonly (typeof A)[]) {
    this.#actor = createActor(cancelMachine, {
      input: openCancel({ id: 2, cloids: cloids.length === 0 ? [A] : cloids }),
    }).start();
  }

  hears(...events: readonly CancelEvent[]): this {
    for (const event of events) {
      const before = this.#actor.getSnapshot().context;
      this.#actor.send(event);
      const { value, context } = this.#actor.getSnapshot();
      expect(value).toBe(judge(context));
      this.wishes = wants(before, event, context);
      this.all.push(...this.wishes);
    }
    return this;
  }

  get state(): CancelState {
    return this.#actor.getSnapshot().value;
  }

  get facts(): CancelFacts {
    return this.#actor.getSnapshot().context;
  }

  get types(): readonly string[] {
    return this.wishes.map((wish) =>
      "deadline" in wish ? `${wish.type} ${wish.deadline}` : wish.type,
    );
  }
}

type Cell = { readonly row: string; readonly column: string; readonly next: string };

function cellsOf(table: string): readonly Cell[] {
  const [head = "", ...lines] = table.split("\n").filter((line) => line.trim() !== "");
  const columns = head.trim().split(/\s+/);
  return lines.flatMap((line) => {
    const words = line.slice(28).trim().split(/\s+/);
    expect(words, line).toHaveLength(columns.length);
    return columns.map((column, index) => ({
      row: line.slice(0, 28).trim(),
      column,
      next: words[index] ?? "",
    }));
  });
}

describe("cancel: state × event", () => {
  it.each(cellsOf(TABLE))("$column · $row → $next", ({ row, column, next }) => {
    const event = EVENTS[row];
    if (event === undefined) throw new Error(`no event for ${row}`);
    const cancel = new Story().hears(...(WAYS[column] ?? []));
    expect(cancel.state).toBe(column);
    expect(cancel.hears(event).state).toBe(next === "." ? column : next);
  });

  it("the table has a row for every event, and an end is left by nothing", () => {
    expect(cellsOf(TABLE).map(({ row }) => row)).toEqual(
      Object.keys(EVENTS).flatMap((row) => [row, row, row, row]),
    );
    const types = new Set(Object.values(EVENTS).map(({ type }) => type));
    expect([...types].toSorted()).toEqual(Object.keys(EVERY_EVENT).toSorted());
    for (const end of ["settled", "refused"]) {
      for (const event of Object.values(EVENTS)) {
        expect(new Story().hears(...(WAYS[end] ?? []), event).state).toBe(end);
      }
    }
  });
});

describe("cancel: stories", () => {
  it("situation 51: named by oid, answered success, told to the order; it ends when the order has", () => {
    const cancel = new Story().hears(granted);
    expect(cancel.types).toEqual(["arm sign", "arm request", "sign"]);
    expect(cancel.wishes.at(-1)).toMatchObject({
      action: { kind: "cancel", targets: [{ coin: BTC, oid: oid(5) }] },
    });
    cancel.hears(signed);
    expect(cancel.types).toEqual(["disarm sign", "write"]);
    cancel.hears(written, answered(1, "success"));
    expect(cancel.types[0]).toBe("tell");
    expect(cancel.wishes[0]).toMatchObject({
      cloid: A,
      event: {
        type: "venue.canceled",
        oid: oid(5),
        at: 1_000,
        cause: "requested",
        source: "answer",
      },
    });
    expect(cancel.state).toBe("looking");
    expect(cancel.hears(ended).state).toBe("settled");
    expect(cancel.types).toEqual(["disarm retry"]);
  });

  it("situation 52: no word after the answer: the order is asked, and the cancel comes again", () => {
    const cancel = new Story().hears(granted, signed, written, answered(1, "success"));
    expect(cancel.types).toEqual([
      "tell",
      "release",
      "disarm sign",
      "disarm request",
      "arm retry",
      "look",
      "look",
    ]);
    expect(cancel.hears(retry).types).toEqual(["arm sign", "arm request", "sign"]);
  });

  it("situation 54, 55: a refusal concludes nothing: it asks", () => {
    const cancel = new Story().hears(granted, signed, written, answered(1, "error"));
    expect(cancel.state).toBe("looking");
    expect(cancel.types).not.toContain("tell");
    expect(cancel.types).toContain("look");
  });

  it("situation 58: while a leg is unknown it goes by oid and by cloid, each with its own nonce", () => {
    const cancel = new Story().hears({ ...granted, legs: both });
    const actions = cancel.all.flatMap((wish) => (wish.type === "sign" ? [wish.action.kind] : []));
    expect(actions).toEqual(["cancel", "cancelByCloid"]);
    cancel.hears(signed, { ...signed, write: "cancelByCloid" });
    expect(cancel.wishes.at(-1)).toMatchObject({ type: "write", mouth: "rest" });
    cancel.hears(written, { ...written, write: "cancelByCloid", copy: 2 }, answered(1, "success"));
    expect(cancel.state).toBe("inFlight");
    cancel.hears(answered(2, "success"));
    expect(cancel.state).toBe("looking");
    expect(cancel.types).not.toContain("tell");
  });

  it("situation 60: asked twice, it is the same cancel: an ended target settles it once", () => {
    const cancel = new Story().hears(
      granted,
      signed,
      written,
      answered(1, "success"),
      ended,
      ended,
    );
    expect(cancel.state).toBe("settled");
    expect(cancel.wishes).toEqual([]);
  });

  it("situation 61: no answer in time: nothing is concluded, it is sent again", () => {
    const cancel = new Story().hears(granted, signed, written, late);
    expect(cancel.state).toBe("looking");
    expect(cancel.all.some(({ type }) => type === "tell")).toBe(false);
    expect(cancel.hears(retry).state).toBe("signing");
    expect(cancel.facts.attempt).toBe(2);
  });

  it("what answers an earlier attempt is still told", () => {
    const cancel = new Story().hears(granted, signed, written, late, retry, answered(1, "success"));
    expect(cancel.types).toEqual(["tell"]);
    expect(cancel.state).toBe("signing");
  });

  it("a signature that comes after its attempt is thrown away, never written", () => {
    const cancel = new Story().hears(
      granted,
      { ...signed, type: "sign.failed", reason: "slow" },
      retry,
    );
    expect(cancel.hears(signed).state).toBe("signing");
    expect(cancel.wishes).toEqual([]);
    expect(cancel.hears({ ...signed, attempt: 2 }).state).toBe("inFlight");
    expect(cancel.types).toEqual(["disarm sign", "write"]);
  });

  it("situation 69: the tenth attempt alarms once and slows down", () => {
    const cancel = new Story().hears(granted);
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      cancel.hears(
        { ...signed, attempt },
        { ...written, attempt, copy: attempt },
        answered(attempt, "error"),
      );
      for (const wish of cancel.wishes) {
        if (wish.type === "arm" && wish.deadline === "retry") pauses.push(wish.delayMs);
      }
      cancel.hears(retry);
    }
    expect(pauses).toEqual([
      1_000,
      2_000,
      4_000,
      8_000,
      ...Array(5).fill(10_000),
      30_000,
      30_000,
      30_000,
    ]);
    const alarms = cancel.all.filter(({ type }) => type === "alarm");
    expect(alarms).toMatchObject([{ name: "cancelStuck" }]);
    expect(cancel.all.filter(({ type }) => type === "release")).toHaveLength(1);
  });

  it("granted a slot with nothing to name yet: the slot comes back, and it looks", () => {
    const cancel = new Story().hears({
      type: "slot.granted",
      atMs: 0,
      legs: { byOid: [], byCloid: [], mouth: "socket" },
    });
    expect(cancel.state).toBe("looking");
    expect(cancel.types).toEqual(["release", "arm retry", "look"]);
    expect(cancel.hears(retry).types).not.toContain("release");
  });

  it("situation 66: of many, each target ends by itself", () => {
    const cancel = new Story(A, B).hears(granted, ended);
    expect(cancel.state).toBe("signing");
    expect(cancel.hears({ ...ended, cloid: B }).state).toBe("settled");
  });

  it("a key that fails is alarmed, and tried again", () => {
    const cancel = new Story().hears(granted, { ...signed, type: "sign.failed", reason: "locked" });
    expect(cancel.types).toEqual([
      "alarm",
      "release",
      "disarm sign",
      "disarm request",
      "arm retry",
      "look",
      "look",
    ]);
  });

  it("situation 109: a restart keeps the attempt and asks again", () => {
    const cancel = new Story().hears(granted, signed, written, late, retry);
    cancel.hears({ type: "engine.restarted", ...at, legs: known });
    expect(cancel.facts.attempt).toBe(2);
    expect(cancel.types).toContain("arm retry");
  });

  it("for any events the state is what the facts say, and the slot comes back at most once", () => {
    const event = fc.constantFrom(
      ...Object.values(EVENTS),
      { ...signed, attempt: 2 },
      { ...written, attempt: 2, copy: 3 },
      answered(3, "success"),
      { ...retry, legs: both },
      { ...signed, attempt: 2, write: "cancelByCloid" as const },
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), (events) => {
        const cancel = new Story(A, B);
        for (const one of events) {
          const before = cancel.state;
          cancel.hears(one);
          if (isOver(before)) expect(cancel.state).toBe(before);
        }
        expect(cancel.all.filter(({ type }) => type === "release").length).toBeLessThanOrEqual(1);
        expect(cancel.facts.sent.length).toBeLessThanOrEqual(16);
      }),
      { numRuns: 500, seed: 20_261_122 },
    );
  });
});
