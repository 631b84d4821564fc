import * as fc from "fast-check";
import { expect, it } from "vitest";
import { ALICE, BOB, limit, openExchange, signedEnvelope } from "../desk.fixture.ts";
import { EVERY_FAULT } from "./every-fault.fixture.ts";
import { readFaultPlan } from "./fault-plan.ts";
import { faultsOf } from "./planned-faults.ts";

const CHANNELS = ["orderUpdates", "userFills", "userEvents", "openOrders"];

/** Every text, answer and close code that a client meets in twenty steps, with its hour. */
function heardUnder(plan: object): string[] {
  const at = openExchange({ limits: false });
  const faults = faultsOf(readFaultPlan(plan), { clock: at.clock });
  const heard: string[] = [];
  const tell = (what: string): number => heard.push(`${at.clock.monotonicMs()} ${what}`);
  const wire = at.exchange.wire({ faults, latencyMs: 3 });
  const socket = wire.connect("private", {
    opened: () => tell("open"),
    received: tell,
    closed: (code) => tell(`closed ${code}`),
  });
  at.clock.advanceBy(10);
  const send = (frame: object): unknown => socket.send(JSON.stringify(frame));
  for (const type of CHANNELS) {
    send({ method: "subscribe", subscription: { type, user: ALICE } });
  }
  send({ method: "subscribe", subscription: { type: "bbo", coin: "BTC" } });
  for (let id = 1; id <= 20; id += 1) {
    const isBuy = id % 2 === 0;
    const p = "64000";
    const action = {
      type: "order",
      orders: [limit({ b: isBuy, p, s: "0.001" }), limit({ b: true, p: "40000", s: "0.001" })],
      grouping: "na",
    };
    const user = isBuy ? ALICE : BOB;
    const payload = signedEnvelope(user, action, { nonce: at.clock.wallMs() + id });
    if (id % 3 === 0) {
      const body = JSON.stringify(payload);
      wire.request({ path: "/exchange", body, timeoutMs: 900 }, (answer) =>
        tell(JSON.stringify(answer)),
      );
    } else send({ method: "post", id, request: { type: "action", payload } });
    const asked = { type: id % 2 === 0 ? "frontendOpenOrders" : "userFills", user: ALICE };
    if (id % 4 === 0) send({ method: "post", id, request: { type: "info", payload: asked } });
    wire.request({ path: "/info", body: JSON.stringify(asked), timeoutMs: 900 }, (answer) =>
      tell(JSON.stringify(answer)),
    );
    if (id % 6 === 0) send({ method: "ping" });
    at.clock.advanceBy(47);
  }
  at.clock.advanceBy(1_200);
  at.exchange.close();
  return heard;
}

const WHEN = fc.oneof(
  fc.constant({}),
  fc.record({ chance: fc.double({ min: 0.05, max: 0.9, noNaN: true }) }),
  fc.record({ meanMs: fc.integer({ min: 50, max: 900 }) }),
  fc.record({ every: fc.integer({ min: 2, max: 9 }), afterMs: fc.integer({ min: 0, max: 900 }) }),
);
const FAULT = fc
  .tuple(fc.constantFrom(...EVERY_FAULT.map(([fault]) => fault)), WHEN)
  .map(([fault, when]) => ({ ...fault, when }));
const PLAN = fc.record({
  seed: fc.nat(9_999),
  faults: fc.array(FAULT, { minLength: 3, maxLength: 7 }),
});

it("same seed, same plan, same actions give the same frames, byte for byte", () => {
  const kinds = new Set<unknown>();
  fc.assert(
    fc.property(PLAN, (plan) => {
      for (const fault of plan.faults) kinds.add("what" in fault ? fault.what : undefined);
      const heard = heardUnder(plan);
      expect(heard.length).toBeGreaterThan(0);
      expect(heardUnder(plan)).toEqual(heard);
    }),
    { seed: 11, numRuns: 12 },
  );
  expect(kinds.size).toBeGreaterThan(20);
});

it("another seed gives other frames", () => {
  const faults = [{ what: "loseFrame", when: { chance: 0.3 } }];
  expect(heardUnder({ seed: 1, faults })).not.toEqual(heardUnder({ seed: 2, faults }));
});
