import { type Oid, parseCloid, parseDecimal, parseOid } from "@cloister/model";
import { describe, expect, it } from "vitest";
import type { RequestEvent } from "./request.events.ts";
import { openRequest, type RequestFacts, type RequestSpec } from "./request.facts.ts";
import { learn } from "./request.learn.ts";
import { judge } from "./request.state.ts";
import { type RequestWish, wants } from "./request.wants.ts";

const VENUE = 1_000_000;
const oid = (n: number): Oid => parseOid(n);
const cloids = Array.from({ length: 200 }, (_, index) =>
  parseCloid(`0x${(index + 1).toString(16).padStart(32, "0")}`),
);

/** A request that hears, and all that it wanted since it was asked last. */
class Told {
  facts: RequestFacts;
  wishes: RequestWish[] = [];

  constructor(spec: Partial<RequestSpec> = {}) {
    const children = cloids.slice(0, 1).map((cloid) => ({ cloid }));
    this.facts = openRequest({ id: 9, kind: "place", children, commandMs: 0, ...spec });
  }

  hears(...events: readonly RequestEvent[]): this {
    for (const event of events) {
      const before = this.facts;
      this.facts = learn(before, event);
      this.wishes.push(...wants(before, event, this.facts));
    }
    return this;
  }

  fliesAt(atMs: number): this {
    return this.hears(
      { type: "slot.granted", atMs },
      {
        type: "request.signed",
        atMs,
        gate: true,
        nonce: 7,
        venueTime: VENUE,
        expiresAfter: VENUE + 10_000,
      },
      { type: "copy.written", atMs, copy: 1, mouth: "socket", venueTime: VENUE },
    );
  }

  get state(): string {
    return judge(this.facts).state;
  }

  /** What it wanted since this was asked last. */
  takes(): readonly RequestWish[] {
    const taken = this.wishes;
    this.wishes = [];
    return taken;
  }
}

function spent(atMs: number): RequestEvent {
  return { type: "answer.nonceSpent", atMs, copy: 1, how: "duplicate", text: "duplicate nonce 7" };
}
function unknown(begunAt: number, child = 0): RequestEvent {
  return { type: "look.unknownOid", atMs: begunAt + 10, child, begunAt };
}
function absent(begunAt: number, what: "openOrders" | "fills"): RequestEvent {
  return { type: "look.absent", atMs: begunAt + 10, child: 0, begunAt, what };
}

describe("a restart begins a new monotonic clock", () => {
  const OLD = 900_000_000;

  it("situation 109: looks of the old process and of the new one are no span of time", () => {
    const request = new Told().fliesAt(OLD).hears(spent(OLD + 100), unknown(OLD + 200));
    request.hears({ type: "engine.restarted", atMs: 50 }, unknown(60));
    request.hears(absent(70, "openOrders"), absent(80, "fills"), absent(90, "openOrders"));
    expect(request.state).toBe("looking");
    request.hears(unknown(2_060), absent(2_070, "openOrders"), absent(2_080, "fills"));
    expect(request.state).toBe("settled");
  });

  it("situation 109: the expiry is due within seconds, not when the old clock's hour comes", () => {
    const request = new Told().fliesAt(OLD).hears({ type: "deadline.passed", atMs: OLD + 5_000 });
    request.takes();
    request.hears({ type: "engine.restarted", atMs: 50 });
    const arms = request.takes().flatMap((wish) => (wish.type === "arm" ? [wish] : []));
    const expiry = arms.find(({ deadline }) => deadline === "expiry");
    expect(expiry?.delayMs).toBeLessThanOrEqual(12_001);
    expect(expiry?.delayMs).toBeGreaterThan(0);
  });
});

describe("a doubtful batch of two hundred", () => {
  const children = cloids.map((cloid) => ({ cloid }));

  function lookedOnce(): Told {
    const batch = new Told({ children }).fliesAt(0).hears(spent(100));
    children.forEach((_, child) => batch.hears(unknown(200 + child, child)));
    batch.takes();
    return batch;
  }

  it("situation 103: while the door is open two lists are asked, not each of them", () => {
    const batch = new Told({ children }).fliesAt(0).hears({ type: "deadline.passed", atMs: 5_000 });
    batch.takes();
    batch.hears({ type: "look.due", atMs: 6_000 });
    const looks = batch.takes().flatMap((wish) => (wish.type === "look" ? [wish] : []));
    expect(looks.map(({ query }) => query.kind)).toEqual(["openOrders", "fills"]);
    expect(looks[0]?.children).toHaveLength(200);
  });

  it("situation 103: once all are unknown twice, the dear reads are asked once for all", () => {
    const batch = lookedOnce();
    children.forEach((_, child) => batch.hears(unknown(3_000 + child, child)));
    const looks = batch.takes().filter(({ type }) => type === "look");
    expect(looks.map((look) => look.type === "look" && look.query.kind)).toEqual([
      "openOrders",
      "fills",
    ]);
    expect(looks[0]).toMatchObject({ children: children.map((_, child) => child) });
  });

  it("one whose answer fails is asked again at the next pace, with the rest", () => {
    const batch = lookedOnce();
    children.slice(1).forEach((_, child) => batch.hears(unknown(3_000 + child, child)));
    expect(batch.takes()).toEqual([]);
    batch.hears({ type: "look.due", atMs: 6_000 });
    const looks = batch.takes().flatMap((wish) => (wish.type === "look" ? [wish] : []));
    expect(looks.map(({ query }) => query.kind)).toEqual(["orderStatus", "openOrders", "fills"]);
  });

  it("one round of answers is one effort, however many were asked", () => {
    const batch = lookedOnce();
    expect(batch.facts.exhausted).toBe(false);
    expect(batch.facts.effort).toBe(1);
    for (let round = 2; round <= 20; round += 1) {
      expect(batch.facts.exhausted).toBe(false);
      batch.hears({ type: "look.due", atMs: round * 10_000 }, unknown(round * 10_000 + 1));
    }
    expect(batch.facts.exhausted).toBe(true);
  });
});

describe("situation 74: a replacement that was rejected has a record, and is no landing", () => {
  const [cloid] = cloids;
  const children = cloid === undefined ? [] : [{ cloid, oid: oid(400), size: parseDecimal("1") }];
  const found = { type: "look.found", child: 0, oid: oid(406), at: VENUE + 100 } as const;

  it("after its error: the cloid finds the rejected record, the old leg stays", () => {
    const modify = new Told({ kind: "modify", children }).fliesAt(0);
    const verdict = { kind: "refused", cause: "postOnly", text: "would have matched" } as const;
    modify.hears({ type: "answer.admitted", atMs: 100, copy: 1, verdicts: [verdict] });
    modify.hears({ ...found, atMs: 210, begunAt: 200 });
    expect(modify.state).toBe("looking");
    modify.hears({ ...found, atMs: 2_210, begunAt: 2_200 });
    expect(modify.state).toBe("settled");
    expect(modify.facts.contradicted).toBe(false);
    const tells = modify.takes().flatMap((wish) => (wish.type === "tell" ? [wish.event] : []));
    expect(tells.at(-1)).toEqual({ type: "modify.closed", id: 9 });
  });

  it("its answer lost: what the read calls rejected did not land", () => {
    const modify = new Told({ kind: "modify", children }).fliesAt(0).hears(spent(100));
    for (const begunAt of [200, 2_200]) {
      modify.hears({ ...found, atMs: begunAt + 10, begunAt, rejected: true });
      modify.hears(absent(begunAt + 20, "openOrders"), absent(begunAt + 20, "fills"));
    }
    expect(modify.facts.ended).toMatchObject({ state: "settled", by: "absence" });
  });

  it("a place that was refused is not contradicted by the record of its rejection", () => {
    const place = new Told().fliesAt(0);
    const verdict = { kind: "refused", cause: "margin", text: "no margin" } as const;
    place.hears({ type: "answer.admitted", atMs: 100, copy: 1, verdicts: [verdict] });
    place.hears({ ...found, atMs: 210, begunAt: 200, rejected: true });
    expect(place.facts.contradicted).toBe(false);
    place.hears({ ...found, atMs: 210, begunAt: 200 });
    expect(place.facts.contradicted).toBe(true);
  });

  it("an older order in a list is one more list that does not show it", () => {
    const place = new Told().fliesAt(0).hears(spent(100));
    for (const begunAt of [200, 2_200]) {
      const old = { type: "look.found", child: 0, oid: oid(3), at: VENUE - 9_000 } as const;
      place.hears(unknown(begunAt), { ...old, atMs: begunAt, begunAt, what: "openOrders" });
      place.hears({ ...old, atMs: begunAt, begunAt, what: "fills" });
    }
    expect(place.state).toBe("settled");
  });
});

describe("what a modify made is beyond every leg that was known", () => {
  const target = oid(400);
  const size = parseDecimal("1");
  const [cloid] = cloids;

  function doubted(beyond?: Oid): Told {
    const known = beyond === undefined ? {} : { beyond };
    const children = cloid === undefined ? [] : [{ cloid, oid: target, size, ...known }];
    return new Told({ kind: "modify", children }).fliesAt(0).hears(spent(100));
  }

  it("situation 84: a larger leg that ended before it was written is not its landing", () => {
    const modify = doubted();
    modify.hears({
      type: "look.found",
      atMs: 210,
      child: 0,
      oid: oid(405),
      at: VENUE - 1,
      begunAt: 200,
    });
    expect(modify.state).toBe("looking");
    modify.hears({
      type: "look.found",
      atMs: 310,
      child: 0,
      oid: oid(406),
      at: VENUE,
      begunAt: 300,
    });
    expect(modify.state).toBe("settled");
  });

  it("situation 84: late news of a leg that was known when it was signed is not its landing", () => {
    const modify = doubted(oid(405));
    modify.hears({ type: "child.landed", atMs: 210, child: 0, oid: oid(405), at: VENUE + 50 });
    expect(modify.state).toBe("looking");
    modify.hears({ type: "child.landed", atMs: 210, child: 0, oid: oid(406), at: VENUE + 50 });
    expect(modify.facts.children[0]?.verdict).toMatchObject({ kind: "accepted", oid: 406 });
  });
});
