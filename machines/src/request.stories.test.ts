import { type Oid, parseCloid, parseDecimal, parseOid } from "@cloister/model";
import { createActor } from "xstate";
import { describe, expect, it } from "vitest";
import type { RequestEvent, Verdict } from "./request.events.ts";
import { openRequest, type RequestSpec } from "./request.facts.ts";
import { requestMachine } from "./request.machine.ts";
import { judge, type RequestState } from "./request.state.ts";
import { openingWants, type RequestWish, wants } from "./request.wants.ts";

const VENUE = 1_000_000;
const A = parseCloid("0x000000000000000000000000000000a1");
const B = parseCloid("0x000000000000000000000000000000b2");
const C = parseCloid("0x000000000000000000000000000000c3");
const oid = (n: number): Oid => parseOid(n);
const accepted = (n: number): Verdict => ({ kind: "accepted", oid: oid(n), at: VENUE + 20 });
const error: Verdict = { kind: "refused", cause: "margin", text: "Insufficient margin" };

const place = (...cloids: readonly (typeof A)[]): Partial<RequestSpec> => ({
  children: cloids.map((cloid) => ({ cloid })),
});
const modify: Partial<RequestSpec> = {
  kind: "modify",
  children: [{ cloid: A, oid: oid(400), size: parseDecimal("2") }],
};

/** A request that keeps the wishes of its last event. */
class Story {
  wishes: readonly RequestWish[];
  readonly all: RequestWish[];
  readonly #actor;

  constructor(spec: Partial<RequestSpec> = {}) {
    const input = openRequest({
      id: 9,
      kind: "place",
      children: [{ cloid: A }],
      commandMs: 0,
      ...spec,
    });
    this.#actor = createActor(requestMachine, { input }).start();
    this.wishes = openingWants(input);
    this.all = [...this.wishes];
  }

  hears(...events: readonly RequestEvent[]): this {
    for (const event of events) {
      const before = this.#actor.getSnapshot().context;
      this.#actor.send(event);
      const { value, context } = this.#actor.getSnapshot();
      expect(value).toBe(judge(context).state);
      this.wishes = wants(before, event, context);
      this.all.push(...this.wishes);
    }
    return this;
  }

  /** Granted, signed, and its first copy written by socket as copy 1. */
  flies(): this {
    return this.hears(granted, signed, written(1, "socket"));
  }

  get state(): RequestState {
    return this.#actor.getSnapshot().value;
  }

  get facts(): ReturnType<typeof openRequest> {
    return this.#actor.getSnapshot().context;
  }

  /** The last wishes in short. */
  get says(): readonly string[] {
    return this.wishes.map(short);
  }
}

function short(wish: RequestWish): string {
  switch (wish.type) {
    case "arm":
      return `arm ${wish.deadline} ${wish.delayMs}`;
    case "disarm":
      return `disarm ${wish.deadline}`;
    case "write":
      return `write ${wish.mouth}`;
    case "look":
      return `look ${wish.query.kind} ${wish.children.join(",")}`.trim();
    case "tell":
      return `tell ${wish.child} ${wish.event.type}`;
    case "alarm":
      return `alarm ${wish.name}`;
    case "sign":
    case "withdraw":
    case "askTime":
    case "release":
    case "forget":
    case "raiseNonce":
      return wish.type;
  }
}

const granted: RequestEvent = { type: "slot.granted", atMs: 0 };
const signed: RequestEvent = {
  type: "request.signed",
  atMs: 0,
  gate: true,
  nonce: 77,
  venueTime: VENUE,
  expiresAfter: VENUE + 10_000,
};
const deadline: RequestEvent = { type: "deadline.passed", atMs: 5_000 };
const lost: RequestEvent = { type: "connection.lost", atMs: 400 };
const duplicate: RequestEvent = {
  type: "answer.nonceSpent",
  atMs: 50,
  copy: 1,
  how: "duplicate",
  text: "duplicate nonce 77",
};

function written(copy: number, mouth: "socket" | "rest"): RequestEvent {
  return { type: "copy.written", atMs: 0, copy, mouth, venueTime: VENUE };
}
function admitted(...verdicts: readonly (Verdict | null)[]): RequestEvent {
  return { type: "answer.admitted", atMs: 300, copy: 1, verdicts };
}
function noopWritten(copy: number, atMs = 5_000): RequestEvent {
  return { type: "noop.written", atMs, copy };
}
function noop(copy: number, outcome: "ok" | "nonceSpent" | "notAdmitted" | "lost"): RequestEvent {
  return { type: "noop.answered", atMs: 5_300, copy, outcome };
}
function unknown(begunAt: number, child = 0): RequestEvent {
  return { type: "look.unknownOid", atMs: begunAt + 50, child, begunAt };
}
function absent(begunAt: number, what: "openOrders" | "fills"): RequestEvent {
  return { type: "look.absent", atMs: begunAt + 50, child: 0, begunAt, what };
}
function due(atMs: number): RequestEvent {
  return { type: "look.due", atMs };
}

describe("request: the ordinary path", () => {
  it("situation 1: granted, signed, written, answered; the slot comes back once", () => {
    const request = new Story();
    expect(request.says).toEqual(["arm queue 1000"]);
    request.hears(granted);
    expect(request.says).toEqual(["disarm queue", "arm sign 1000", "arm request 5000", "sign"]);
    request.hears(signed);
    expect(request.says).toEqual(["disarm sign", "tell 0 request.sent", "write socket"]);
    request.hears(written(1, "socket"), admitted(accepted(501)));
    expect(request.state).toBe("answered");
    expect(request.says).toEqual(["tell 0 venue.accepted", "release", "disarm request"]);
  });

  it("situation 15, 16, 17: each child has its own verdict, and none is left pending", () => {
    const request = new Story(place(A, B, C))
      .flies()
      .hears(admitted(accepted(1), error, accepted(3)));
    expect(request.state).toBe("answered");
    expect(request.says.slice(0, 3)).toEqual([
      "tell 0 venue.accepted",
      "tell 1 venue.refused",
      "tell 2 venue.accepted",
    ]);
    const whole = new Story(place(A, B, C)).flies().hears(admitted(error, error, error));
    expect(whole.state).toBe("answered");
    expect(whole.says.filter((text) => text.endsWith("venue.refused"))).toHaveLength(3);
  });

  it("situation 18: what an answer leaves unmapped is asked, the rest stands", () => {
    const request = new Story(place(A, B)).flies().hears(admitted(accepted(1), null));
    expect(request.state).toBe("looking");
    expect(request.says).toContain("look orderStatus 1");
    expect(request.says).not.toContain("look orderStatus 0");
    expect(request.says).not.toContain("withdraw");
  });

  it("situation 19: a lost batch is resolved child by child", () => {
    const request = new Story(place(A, B))
      .flies()
      .hears(lost, noopWritten(2), noop(2, "nonceSpent"));
    request.hears({
      type: "look.found",
      atMs: 6_000,
      child: 0,
      oid: oid(700),
      at: VENUE + 9,
      begunAt: 5_900,
    });
    expect(request.state).toBe("looking");
    request.hears(unknown(5_900, 1), unknown(7_900, 1));
    for (const begunAt of [8_000, 10_000]) {
      for (const what of ["openOrders", "fills"] as const) {
        request.hears({ type: "look.absent", atMs: begunAt, child: 1, begunAt, what });
      }
    }
    expect(request.state).toBe("settled");
    expect(request.facts.children.map(({ verdict }) => verdict?.kind)).toEqual([
      "accepted",
      "neverLanded",
    ]);
    expect(request.all.map(short)).toContain("tell 1 proof.neverLanded");
  });

  it("situation 23, 25: a refusal at the door of the only socket copy is final", () => {
    for (const reason of ["throttled", "unknownSigner"] as const) {
      const request = new Story().flies().hears({
        type: "answer.notAdmitted",
        atMs: 90,
        copy: 1,
        mouth: "socket",
        reason,
        text: "no",
      });
      expect(request.facts.ended).toMatchObject({
        state: "refused",
        by: "notAdmitted",
        cause: reason,
      });
      expect(request.says).toContain("tell 0 proof.neverLanded");
    }
  });

  it("situation 27: what waits too long for a slot is refused, and no slot comes back", () => {
    const request = new Story().hears({ type: "queue.expired", atMs: 1_000 });
    expect(request.facts.ended).toMatchObject({ state: "refused", cause: "expiredInQueue" });
    expect(request.says).toEqual(["disarm queue", "tell 0 local.refused"]);
  });

  it("situation 28: withdrawn while queued, nothing is ever written", () => {
    const request = new Story().hears({ type: "command.withdraw", atMs: 5 });
    expect(request.says).toEqual(["disarm queue", "tell 0 local.withdrawn"]);
    request.hears(granted, signed);
    expect(request.all.map(short)).not.toContain("write socket");
  });

  it("situation 29: expired before inclusion is final for one socket copy only", () => {
    const late: RequestEvent = { type: "answer.expired", atMs: 11_000, copy: 1, text: "expired" };
    expect(new Story().flies().hears(late).facts.ended).toMatchObject({ by: "expired" });
    const two = new Story({ policy: "land" }).flies().hears(lost, written(2, "rest"), late);
    expect(two.state).toBe("looking");
    // The other copy never left after all: the one that is left is final.
    two.hears({ ...late, type: "send.failed", copy: 2, of: "copy", written: "never", gate: true });
    expect(two.facts.ended).toMatchObject({ state: "settled", by: "expired" });
  });

  it("situation 30: a signer that fails sends nothing and leaks no slot", () => {
    const request = new Story().hears(granted, { type: "sign.failed", atMs: 9, reason: "bad key" });
    expect(request.says).toEqual([
      "release",
      "disarm sign",
      "disarm request",
      "tell 0 local.refused",
    ]);
    request.hears(signed);
    expect(request.wishes).toEqual([]);
  });
});

describe("request: doubt", () => {
  it("situation 7: no answer in time is doubt, and a find adopts the order", () => {
    const request = new Story().flies().hears(deadline);
    expect(request.state).toBe("closing");
    expect(request.says).toEqual([
      "disarm request",
      "arm expiry 7001",
      "arm look 1000",
      "withdraw",
    ]);
    request.hears(noopWritten(2), due(6_000));
    expect(request.says).toEqual(["arm look 2000", "look orderStatus 0"]);
    request.hears({
      type: "look.found",
      atMs: 6_100,
      child: 0,
      oid: oid(700),
      at: VENUE + 9,
      begunAt: 6_000,
    });
    expect(request.state).toBe("settled");
    expect(request.says).toEqual(["release", "disarm look", "disarm expiry"]);
  });

  it("situation 8: a noop answered ok proves that it never landed", () => {
    const request = new Story().flies().hears(deadline, noopWritten(2), noop(2, "ok"));
    expect(request.facts.ended).toEqual({ state: "settled", by: "noop" });
    expect(request.wishes.at(-1)).toEqual({
      type: "tell",
      child: 0,
      event: { type: "proof.neverLanded", by: "noop" },
    });
  });

  it("situation 9: one unknownOid is no proof, nor are two within the settling time", () => {
    const request = new Story().flies().hears(deadline, noopWritten(2), noop(2, "nonceSpent"));
    expect(request.says).toContain("look orderStatus 0");
    request.hears(unknown(5_300), unknown(7_299));
    expect(request.wishes).toEqual([]);
    request.hears(unknown(7_300));
    expect(request.says).toEqual(["look openOrders 0", "look fills 0"]);
    request.hears(absent(7_400, "openOrders"), absent(7_400, "fills"), absent(9_399, "openOrders"));
    expect(request.state).toBe("looking");
    request.hears(absent(9_400, "openOrders"));
    expect(request.facts.ended).toEqual({ state: "settled", by: "absence" });
  });

  it("situation 9: reads begun before the door closed decide nothing", () => {
    const request = new Story()
      .flies()
      .hears(deadline, noopWritten(2), unknown(5_100), noop(2, "nonceSpent"));
    request.hears(
      unknown(5_299),
      unknown(7_350),
      absent(5_200, "openOrders"),
      absent(5_200, "fills"),
    );
    expect(request.state).toBe("looking");
    expect(request.facts.children[0]?.looks).toEqual({
      unknownOid: { first: 7_350, last: 7_350 },
      openOrders: undefined,
      fills: undefined,
    });
  });

  it("situation 10: while every read fails it stays doubtful, and failing is no effort", () => {
    const request = new Story().flies().hears(deadline, noopWritten(2), noop(2, "nonceSpent"));
    for (let atMs = 6_000; atMs < 900_000; atMs += 10_000) {
      request.hears(due(atMs), { type: "look.failed", atMs: atMs + 9, child: 0 });
    }
    expect(request.state).toBe("looking");
    expect(request.says).not.toContain("alarm doubtExhausted");
    request.hears(
      { type: "effort.exhausted", atMs: 900_000 },
      { type: "effort.exhausted", atMs: 900_001 },
    );
    expect(request.all.map(short).filter((text) => text === "alarm doubtExhausted")).toHaveLength(
      1,
    );
    request.hears(due(900_100));
    expect(request.says).toContain("arm look 30000");
    request.hears({ ...lost, atMs: 900_200 });
    expect(request.says).toContain("arm look 2000");
  });

  it("situation 11: land writes the same bytes once more, by the other mouth, early, and never after a noop", () => {
    const land: Partial<RequestSpec> = { policy: "land" };
    const request = new Story(land).flies().hears(lost);
    expect(request.says).toEqual([
      "release",
      "disarm request",
      "arm expiry 11601",
      "arm look 1000",
      "write rest",
    ]);
    request.hears(written(2, "rest"), due(1_400));
    expect(request.says).not.toContain("withdraw");
    request.hears(due(1_600));
    expect(request.says).toContain("withdraw");
    expect(request.all.filter(({ type }) => type === "write")).toHaveLength(2);
    expect(new Story(land).flies().hears(deadline).says).not.toContain("write rest");
    const restarted = new Story(land).flies().hears({ type: "engine.restarted", atMs: 200 });
    expect(restarted.says).toContain("withdraw");
    expect(restarted.says).not.toContain("write rest");
  });

  it("situation 12, 14: a spent nonce is no verdict; on bytes written once it alarms", () => {
    const request = new Story().flies().hears(duplicate);
    expect(request.state).toBe("looking");
    expect(request.says.slice(0, 2)).toEqual(["raiseNonce", "alarm signerShared"]);
    const after = new Story().flies().hears(deadline, noopWritten(2), duplicate);
    expect(after.says).not.toContain("alarm signerShared");
  });

  it("bytes that never left go by the other mouth, once, if the gate allows it", () => {
    const failed = (copy: number, gate = true): RequestEvent => ({
      type: "send.failed",
      atMs: 20,
      copy,
      of: "copy",
      written: "never",
      gate,
    });
    const request = new Story().flies().hears(failed(1));
    expect(request.state).toBe("inFlight");
    expect(request.says).toEqual(["write rest"]);
    request.hears(written(2, "rest"), failed(2));
    expect(request.facts.ended).toMatchObject({ state: "refused", by: "neverSent" });
    expect(new Story().flies().hears(failed(1, false)).state).toBe("refused");
  });

  it("the expiry is judged by venue time: until it is beyond, the hour is asked", () => {
    const request = new Story().flies().hears(deadline, noopWritten(2), noop(2, "lost"));
    request.hears({ type: "expiry.passed", atMs: 12_000, venueTime: VENUE + 11_000 });
    expect(request.says).toEqual([]);
    request.hears({ type: "expiry.due", atMs: 12_001, venueTime: VENUE + 11_500 });
    expect(request.says).toEqual(["arm expiry 1000", "askTime"]);
    request.hears({ type: "expiry.passed", atMs: 13_001, venueTime: VENUE + 12_500 });
    expect(request.state).toBe("looking");
    expect(request.says[0]).toBe("release");
  });

  it("a noop that was lost is written again, at the pace", () => {
    const request = new Story().flies().hears(deadline, noopWritten(2), due(6_000));
    expect(request.says).not.toContain("withdraw");
    request.hears(noop(2, "lost"), due(8_000));
    expect(request.says).toContain("withdraw");
  });

  it("situation 8: a noop answered ok after a copy was admitted proves nothing: it is alarmed, and looked", () => {
    const request = new Story(place(A, B)).flies();
    request.hears(deadline, noopWritten(2), admitted(error, null), noop(2, "ok"));
    expect(request.state).toBe("looking");
    expect(request.says).toEqual(["alarm contradicted"]);
    const landed = new Story(place(A, B)).flies().hears(deadline, noopWritten(2));
    landed.hears({ type: "child.landed", atMs: 5_100, child: 1, oid: oid(7), at: VENUE + 1 });
    landed.hears(noop(2, "ok"));
    expect(landed.state).toBe("looking");
    expect(landed.says).toEqual(["alarm contradicted"]);
  });

  it("situation 3, 14: an answer that comes after the end is noted, and a duplicate then alarms too", () => {
    const landed: RequestEvent = {
      type: "child.landed",
      atMs: 40,
      child: 0,
      oid: oid(7),
      at: VENUE,
    };
    const request = new Story().flies().hears(landed);
    expect(request.state).toBe("answered");
    expect(request.facts.copies[0]?.answer).toBeUndefined();
    request.hears(duplicate, duplicate);
    expect(request.facts.copies[0]?.answer).toEqual({ kind: "nonceSpent" });
    expect(request.all.map(short).filter((text) => text.startsWith("alarm"))).toEqual([
      "alarm signerShared",
    ]);
    const calm = new Story().flies().hears(landed, admitted(accepted(7)));
    expect(calm.says).toEqual(["tell 0 venue.accepted"]);
  });

  it("situation 36: a child seen alive after the end is remembered and alarmed", () => {
    const request = new Story().flies().hears(deadline, noopWritten(2), noop(2, "ok"));
    request.hears({ type: "child.landed", atMs: 9_000, child: 0, oid: oid(701), at: VENUE + 30 });
    expect(request.state).toBe("settled");
    expect(request.says).toEqual(["alarm contradicted"]);
  });
});

describe("request: modify", () => {
  it("situation 70, 71: what landed and what it replaced is told by its end", () => {
    const request = new Story(modify).flies();
    expect(request.all.map(short)).toContain("tell 0 modify.opened");
    request.hears(admitted(accepted(501)));
    expect(request.wishes.at(-1)).toMatchObject({
      event: {
        type: "modify.closed",
        id: 9,
        landed: { oid: oid(501), size: parseDecimal("2"), replaces: oid(400) },
      },
    });
  });

  it("situation 74, 81: an element error says nothing of the two legs: both are looked at", () => {
    const request = new Story(modify).flies().hears(admitted(error));
    expect(request.state).toBe("looking");
    expect(request.says).toEqual([
      "disarm request",
      "arm look 2000",
      "look orderStatus 0",
      "look orderStatus",
    ]);
    const target = (begunAt: number): RequestEvent => ({
      type: "look.found",
      atMs: begunAt + 9,
      child: 0,
      oid: oid(400),
      at: VENUE - 50,
      begunAt,
    });
    request.hears(target(300));
    expect(request.state).toBe("looking");
    request.hears(target(2_300));
    expect(request.state).toBe("settled");
    expect(request.wishes.at(-1)).toEqual({
      type: "tell",
      child: 0,
      event: { type: "modify.closed", id: 9 },
    });
  });

  it("situation 75: a lost modify lands only by an oid beyond its target's", () => {
    const request = new Story(modify).flies().hears(deadline);
    request.hears({ type: "child.landed", atMs: 6_000, child: 0, oid: oid(400), at: VENUE + 50 });
    expect(request.state).toBe("closing");
    request.hears({ type: "child.landed", atMs: 6_000, child: 0, oid: oid(401), at: VENUE + 50 });
    expect(request.state).toBe("settled");
  });

  it("one that was never sent ends in modify.closed too, never in local words", () => {
    const request = new Story(modify).hears({ type: "halted", atMs: 1 });
    expect(request.says).toEqual(["disarm queue", "tell 0 modify.closed"]);
  });
});
