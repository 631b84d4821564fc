import { expect, it } from "vitest";
import { BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import { readFaultPlan } from "./fault-plan.ts";
import { deafDeskWith, place } from "./plan-desk.fixture.ts";
import { faultsOf } from "./planned-faults.ts";
import { READY_PLANS } from "./ready-plans.ts";

it.each(Object.entries(READY_PLANS))("%s is a plan as anybody may write it", (_name, plan) => {
  expect(readFaultPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
});

it("calm does nothing", () => {
  const at = openExchange();
  const desk = deafDeskWith(READY_PLANS.calm.faults, at);
  for (let step = 0; step < 20; step += 1) expect(desk.act(place)).toMatchObject({ status: "ok" });
});

it("storm does each of its things in ten minutes, and reconnects about every 20 s", () => {
  const at = openExchange({ limits: false });
  const faults = faultsOf(READY_PLANS.storm, { clock: at.clock });
  const desk = new Desk(at, BOB);
  const wire = at.exchange.wire({ faults });
  let closes = 0;
  const open = (): ReturnType<typeof wire.connect> =>
    wire.connect("private", {
      opened: () => {
        const subscription = { type: "orderUpdates", user: BOB };
        socket.send(JSON.stringify({ method: "subscribe", subscription }));
      },
      received: () => {},
      closed: () => {
        closes += 1;
        socket = open();
      },
    });
  let socket = open();
  const pair = {
    type: "order",
    orders: ["60000", "59000"].map((p) => limit({ b: true, p, s: "0.001" })),
    grouping: "na",
  };
  for (let step = 0; step < 1_200; step += 1) {
    if (step % 2 === 0) desk.post(pair);
    wire.request({ path: "/info", body: '{"type":"allMids"}', timeoutMs: 400 }, () => {});
    at.clock.advanceBy(499);
  }
  expect(closes).toBeGreaterThan(15);
  expect(closes).toBeLessThan(50);
  const fired = faults.fired();
  // Its actions went by another wire.
  expect(fired.map((count, index) => count > 0 || index === 0)).not.toContain(false);
});
