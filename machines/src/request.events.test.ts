import { type Oid, parseCloid, parseDecimal, parseOid } from "@cloister/model";
import fc from "fast-check";
import { createActor } from "xstate";
import { describe, expect, it } from "vitest";
import type { RequestEvent, Verdict } from "./request.events.ts";
import { openRequest, type RequestFacts, type RequestSpec } from "./request.facts.ts";
import { requestMachine } from "./request.machine.ts";
import { isOver, judge, type RequestState } from "./request.state.ts";
import { openingWants, type RequestWish, wants } from "./request.wants.ts";

const VENUE = 1_000_000;
const A = parseCloid("0x000000000000000000000000000000a1");
const B = parseCloid("0x000000000000000000000000000000b2");
const oid = (n: number): Oid => parseOid(n);
const accepted = (n: number): Verdict => ({ kind: "accepted", oid: oid(n), at: VENUE + 20 });
const error: Verdict = { kind: "refused", cause: "margin", text: "Insufficient margin" };
const both: Partial<RequestSpec> = { children: [{ cloid: A }, { cloid: B }] };
const modify: Partial<RequestSpec> = {
  kind: "modify",
  children: [{ cloid: A, oid: oid(400), size: parseDecimal("2") }],
};
const granted: RequestEvent = { type: "slot.granted", atMs: 0 };
const signed: RequestEvent = {
  type: "request.signed",
  atMs: 0,
  gate: true,
  nonce: 77,
  venueTime: VENUE,
  expiresAfter: VENUE + 10_000,
};
const written: RequestEvent = {
  type: "copy.written",
  atMs: 0,
  copy: 1,
  mouth: "socket",
  venueTime: VENUE,
};

/** A request that is checked after every event and keeps its wishes. */
class Walk {
  wishes: readonly RequestWish[];
  readonly all: RequestWish[];
  readonly #actor;

  constructor(spec: Partial<RequestSpec> = {}) {
    const children = [{ cloid: A }];
    const input = openRequest({ id: 9, kind: "place", children, commandMs: 0, ...spec });
    this.#actor = createActor(requestMachine, { input }).start();
    this.wishes = openingWants(input);
    this.all = [...this.wishes];
  }

  hears(...events: readonly RequestEvent[]): this {
    for (const event of events) {
      const before = this.facts;
      this.#actor.send(event);
      expect(this.state).toBe(judge(this.facts).state);
      this.wishes = wants(before, event, this.facts);
      this.all.push(...this.wishes);
    }
    return this;
  }

  get state(): RequestState {
    return this.#actor.getSnapshot().value;
  }

  get facts(): RequestFacts {
    return this.#actor.getSnapshot().context;
  }
}

describe("request: any events at all", () => {
  const child = fc.integer({ min: 0, max: 3 });
  const copy = fc.integer({ min: 1, max: 3 });
  const atMs = fc.integer({ min: 0, max: 20_000 });
  const begunAt = atMs;
  const seen = {
    atMs,
    child,
    oid: fc.integer({ min: 390, max: 410 }).map(oid),
    at: fc.integer({ min: VENUE - 5, max: VENUE + 5 }),
  };
  const type = <T extends RequestEvent["type"]>(name: T): { type: fc.Arbitrary<T> } => ({
    type: fc.constant(name),
  });
  const verdict: fc.Arbitrary<Verdict | null> = fc.constantFrom(null, error, accepted(405), {
    kind: "waiting",
    waitsFor: "trigger",
  });
  const text = fc.constant("text");
  const events: fc.Arbitrary<RequestEvent> = fc.oneof(
    ...(
      [
        "slot.granted",
        "queue.expired",
        "halted",
        "connection.lost",
        "deadline.passed",
        "effort.exhausted",
        "engine.restarted",
        "look.due",
        "command.withdraw",
      ] as const
    ).map((name) => fc.record({ ...type(name), atMs })),
    fc.record({
      ...type("request.signed"),
      atMs,
      gate: fc.boolean(),
      nonce: fc.constant(7),
      venueTime: fc.constant(VENUE),
      expiresAfter: fc.constant(VENUE + 9),
    }),
    fc.record({ ...type("sign.failed"), atMs, reason: text }),
    fc.record({
      ...type("copy.written"),
      atMs,
      copy,
      mouth: fc.constantFrom("socket", "rest"),
      venueTime: fc.constant(VENUE),
    }),
    fc.record({ ...type("noop.written"), atMs, copy }),
    fc.record({
      ...type("send.failed"),
      atMs,
      copy,
      of: fc.constantFrom("copy", "noop"),
      written: fc.constantFrom("never", "maybe"),
      gate: fc.boolean(),
    }),
    fc.record({
      ...type("answer.admitted"),
      atMs,
      copy,
      verdicts: fc.array(verdict, { maxLength: 4 }),
    }),
    fc.record({
      ...type("answer.notAdmitted"),
      atMs,
      copy,
      mouth: fc.constantFrom("socket", "rest"),
      reason: fc.constant("throttled"),
      text,
    }),
    fc.record({
      ...type("answer.nonceSpent"),
      atMs,
      copy,
      how: fc.constantFrom("duplicate", "tooLow"),
      text,
    }),
    fc.record({ ...type("answer.expired"), atMs, copy, text }),
    fc.record({ ...type("answer.unknown"), atMs, copy, text }),
    fc.record({
      ...type("noop.answered"),
      atMs,
      copy,
      outcome: fc.constantFrom("ok", "nonceSpent", "notAdmitted", "lost"),
    }),
    fc.record({
      ...type("expiry.passed"),
      atMs,
      venueTime: fc.integer({ min: VENUE, max: VENUE + 4_000 }),
    }),
    fc.record({ ...type("child.landed"), ...seen }),
    fc.record({ ...type("look.found"), ...seen, begunAt }),
    fc.record({ ...type("look.unknownOid"), atMs, child, begunAt }),
    fc.record({
      ...type("look.absent"),
      atMs,
      child,
      begunAt,
      what: fc.constantFrom("openOrders", "fills"),
    }),
    fc.record({ ...type("look.failed"), atMs, child }),
  );
  const specs = fc.constantFrom<Partial<RequestSpec>>(
    {},
    both,
    modify,
    { ...modify, downsizing: true },
    { policy: "land" },
  );
  const beginnings = fc.constantFrom<readonly RequestEvent[]>(
    [],
    [granted],
    [granted, signed, written],
  );

  it("the state is what the facts say, an end is left by nothing, a slot comes back once", () => {
    fc.assert(
      fc.property(
        specs,
        beginnings,
        fc.array(events, { maxLength: 25 }),
        (spec, beginning, random) => {
          const request = new Walk(spec).hears(...beginning);
          for (const event of random) {
            const { state: before, facts } = request;
            request.hears(event);
            if (isOver(before)) expect(request.state).toBe(before);
            if (isOver(before)) {
              expect(
                request.wishes.every(({ type: kind }) =>
                  ["tell", "alarm", "raiseNonce"].includes(kind),
                ),
              ).toBe(true);
            }
            if (facts.doubted) expect(request.facts.doubted).toBe(true);
          }
          const releases = request.all.filter(({ type: kind }) => kind === "release").length;
          expect(releases).toBeLessThanOrEqual(1);
          if (isOver(request.state)) expect(releases).toBe(request.facts.granted ? 1 : 0);
          if (isOver(request.state)) {
            for (const { verdict: final } of request.facts.children) expect(final).toBeDefined();
          }
        },
      ),
      { numRuns: 600, seed: 20_261_122 },
    );
  });

  it("the same news twice changes nothing", () => {
    fc.assert(
      fc.property(
        beginnings,
        fc.array(events, { maxLength: 15 }),
        events,
        (beginning, random, event) => {
          if (event.type === "look.due") return;
          const once = new Walk().hears(...beginning, ...random, event);
          const state = once.state;
          const { children, copies, noops } = once.facts;
          const was = isOver(state) ? state : undefined;
          once.hears(event);
          expect(once.facts.copies).toEqual(copies);
          expect(once.facts.noops).toEqual(noops);
          expect(once.facts.children).toEqual(children);
          if (was !== undefined) expect(once.state).toBe(was);
        },
      ),
      { numRuns: 400, seed: 20_261_122 },
    );
  });
});
