import type { WireAnswer } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange, signedEnvelope } from "../desk.fixture.ts";
import { readFaultPlan } from "./fault-plan.ts";
import { faultsOf } from "./planned-faults.ts";

const order = (p: string): object => limit({ b: true, p, s: "0.001" });
const place = { type: "order", orders: [order("64000")], grouping: "na" };
const two = { type: "order", orders: [order("64000"), order("63000")], grouping: "na" };

type At = ReturnType<typeof openExchange>;

/** A desk of ALICE who hears her orderUpdates; the plan's time begins when it is made. */
function deskWith(faults: object | readonly object[], at: At = openExchange()): Desk {
  const plan = readFaultPlan({ faults: Array.isArray(faults) ? faults : [faults] });
  const desk = new Desk(at, ALICE, { faults: faultsOf(plan, { clock: at.clock }) });
  desk.subscribe({ type: "orderUpdates", user: ALICE });
  desk.forget();
  return desk;
}

const channels = (desk: Desk): unknown[] => desk.frames.map(({ channel }) => channel);
const prices = (desk: Desk): unknown[] =>
  (desk.heard("orderUpdates") as { order: { limitPx: string } }[][]).map((list) =>
    list.map((update) => update.order.limitPx),
  );
const resting = (desk: Desk): number =>
  (desk.info({ type: "openOrders", user: ALICE }) as object[]).length;

describe("actions", () => {
  it("loseAction: no order, no answer", () => {
    const desk = deskWith({ what: "loseAction", to: { type: "order" }, times: 1 });
    expect([desk.act(place), resting(desk)]).toEqual([undefined, 0]);
    expect(desk.act(place)).toMatchObject({ status: "ok" });
  });

  it("holdAction: runs so many blocks later", () => {
    const desk = deskWith({ what: "holdAction", blocks: 3 });
    const id = desk.post(place);
    desk.pass(3);
    expect([desk.answer(id), channels(desk)]).toEqual([undefined, []]);
    desk.pass(1);
    expect(channels(desk)).toEqual(["orderUpdates", "post"]);
  });

  it("holdAction: or reaches the exchange so many ms later", () => {
    const desk = deskWith({ what: "holdAction", ms: 500 });
    const id = desk.post(place);
    desk.clock.advanceBy(500);
    expect([desk.answer(id), channels(desk)]).toEqual([undefined, []]);
    desk.clock.advanceBy(80);
    expect(channels(desk)).toEqual(["orderUpdates", "post"]);
  });

  it("are told apart by account and signer", () => {
    const at = openExchange();
    const desk = deskWith({ what: "loseAction", to: { account: BOB, signer: BOB } }, at);
    expect(desk.act(place, { as: BOB })).toBeUndefined();
    expect(desk.act(place)).toMatchObject({ status: "ok" });
    const none = deskWith({ what: "loseAction", to: { account: BOB, signer: ALICE } }, at);
    expect(none.act(place, { as: BOB })).toMatchObject({ status: "ok" });
  });
});

describe("answers", () => {
  it("loseAnswer: the action ran", () => {
    const desk = deskWith({ what: "loseAnswer", to: { type: "order", account: ALICE } });
    expect(desk.act(place)).toBeUndefined();
    expect([channels(desk), resting(desk)]).toEqual([["orderUpdates"], 1]);
    expect(desk.act({ type: "cancel", cancels: [{ a: 0, o: 1 }] })).toMatchObject({ status: "ok" });
  });

  it("delayAnswer: after the channel's frames", () => {
    const desk = deskWith({ what: "delayAnswer", ms: 500, to: { path: "/ws" } });
    const id = desk.post(place);
    desk.clock.advanceBy(500);
    expect(desk.answer(id)).toBeUndefined();
    desk.clock.advanceBy(80);
    expect(desk.answer(id)).toMatchObject({ status: "ok" });
  });

  it("httpStatus: instead of the exchange, or after it did its work", () => {
    const status = { what: "httpStatus", to: { path: "/exchange" }, times: 1 };
    const desk = deskWith([
      { ...status, status: 429, body: "null" },
      { ...status, status: 502, body: "html", executed: true },
    ]);
    const post = (): unknown => {
      const envelope = signedEnvelope(ALICE, place, { nonce: desk.clock.wallMs() });
      return desk.http("/exchange", JSON.stringify(envelope));
    };
    expect([post(), resting(desk)]).toEqual([{ status: 429, body: "null" }, 0]);
    expect(post()).toEqual({ status: 502, body: expect.stringMatching(/^<html>/) as string });
    expect(resting(desk)).toBe(1);
    expect(post()).toMatchObject({ status: 200 });
  });

  it("truncatePage: a list keeps its first elements", () => {
    const desk = deskWith({ what: "truncatePage", keep: 1, to: { type: "openOrders" } });
    desk.act(two);
    expect(resting(desk)).toBe(1);
    expect(desk.info({ type: "frontendOpenOrders", user: ALICE })).toHaveLength(2);
  });

  it("are lost, late or cut over HTTP too", () => {
    const { clock, exchange } = openExchange();
    const plan = readFaultPlan({
      faults: [
        { what: "loseAnswer", to: { path: "/info" }, times: 1 },
        { what: "delayAnswer", ms: 300, times: 1 },
        { what: "disconnect", to: { channel: "post" } },
        { what: "disconnect", to: { type: "meta" }, times: 1 },
      ],
    });
    const wire = exchange.wire({ faults: faultsOf(plan, { clock }) });
    const heard: unknown[] = [];
    for (const timeoutMs of [100, 1_000, 100, 100]) {
      const startMs = clock.monotonicMs();
      wire.request({ path: "/info", body: '{"type":"meta"}', timeoutMs }, (answer: WireAnswer) => {
        const told = answer.kind === "answered" ? answer.status : answer.reason;
        heard.push([told, clock.monotonicMs() - startMs]);
      });
      clock.advanceBy(1_500);
    }
    expect(heard).toEqual([
      ["timeout", 100],
      [200, 300],
      ["connection reset", 0],
      [200, 0],
    ]);
  });
});

describe("frames", () => {
  const updates = { channel: "orderUpdates" };

  it("loseFrame, duplicateFrame and delayFrame", () => {
    const lost = deskWith({ what: "loseFrame", to: updates });
    lost.act(place);
    expect(channels(lost)).toEqual(["post"]);
    const twice = deskWith({ what: "duplicateFrame", to: updates });
    twice.act(place);
    expect(channels(twice)).toEqual(["orderUpdates", "orderUpdates", "post"]);
    const late = deskWith({ what: "delayFrame", ms: 40, to: { ...updates, account: ALICE } });
    late.act(place);
    late.pass();
    expect(channels(late)).toEqual(["post", "orderUpdates"]);
  });

  it("reorderFrames: behind the next one, or a second later when none comes", () => {
    const desk = deskWith({ what: "reorderFrames", to: updates });
    desk.act(place);
    expect(channels(desk)).toEqual(["post", "orderUpdates"]);
    const alone = deskWith([
      { what: "reorderFrames", to: updates },
      { what: "loseFrame", to: { channel: "post" } },
    ]);
    alone.act(place);
    alone.clock.advanceBy(900);
    expect(channels(alone)).toEqual([]);
    alone.clock.advanceBy(100);
    expect(channels(alone)).toEqual(["orderUpdates"]);
  });

  it("splitArray and reorderArray", () => {
    const whole = deskWith([]);
    whole.act(two);
    expect(prices(whole)).toEqual([["64000.0", "63000.0"]]);
    const split = deskWith({ what: "splitArray" });
    split.act(two);
    expect(prices(split)).toEqual([["64000.0"], ["63000.0"]]);
    const turned = deskWith({ what: "reorderArray", times: 1 });
    turned.act(place);
    turned.act(two);
    expect(prices(turned)).toEqual([["64000.0"], ["63000.0", "64000.0"]]);
  });

  it("splitArray splits fills as well, and keeps what is around them", () => {
    const at = openExchange();
    const seller = new Desk(at, BOB);
    const desk = deskWith({ what: "splitArray", to: { channel: "userFills" } }, at);
    desk.subscribe({ type: "userFills", user: ALICE });
    for (const p of ["64000", "64001"]) seller.place(limit({ b: false, p, s: "0.001" }));
    desk.forget();
    desk.place(limit({ b: true, p: "64001", s: "0.002" }));
    expect(desk.heard("userFills")).toMatchObject([
      { user: ALICE, fills: [{ px: "64000.0" }] },
      { user: ALICE, fills: [{ px: "64001.0" }] },
    ]);
  });

  it("staleChannel: one channel says nothing for a while, the others live", () => {
    const desk = deskWith({ what: "staleChannel", ms: 200, to: updates, times: 1 });
    desk.act(place);
    desk.act(place);
    expect(channels(desk)).toEqual(["post", "post"]);
    desk.pass(2);
    desk.act(place);
    expect(channels(desk)).toEqual(["post", "post", "orderUpdates", "post"]);
  });

  it("halfOpen: nothing passes in either direction, and nothing closes", () => {
    const desk = deskWith({ what: "halfOpen", ms: 1_000, to: updates, times: 1 });
    desk.act(place);
    desk.send({ method: "ping" });
    desk.post(place);
    desk.clock.advanceBy(1_000);
    expect([channels(desk), desk.closes]).toEqual([[], []]);
    expect(resting(desk)).toBe(1);
    desk.send({ method: "ping" });
    expect(channels(desk)).toEqual(["pong"]);
  });

  it.each([1006, 1000])("disconnect with %i: the action ran", (code) => {
    const desk = deskWith({ what: "disconnect", code, to: { channel: "post" } });
    desk.act(place);
    desk.pass();
    expect([desk.closes, resting(desk)]).toEqual([[code], 1]);
  });
});

describe("when", () => {
  const pings = (desk: Desk, count: number): number => {
    for (let at = 0; at < count; at += 1) desk.send({ method: "ping" });
    return desk.heard("pong").length;
  };
  const lost = (when: object, more: object = {}): Desk =>
    deskWith({ what: "loseFrame", to: { channel: "pong" }, when, ...more });

  it("counts every n-th, and how often", () => {
    expect(pings(lost({ every: 3 }), 7)).toBe(5);
    expect(pings(lost({ every: 2 }, { times: 1 }), 7)).toBe(6);
  });

  it("begins after and ends until an hour of the plan", () => {
    const desk = lost({ afterMs: 100, untilMs: 200 });
    expect(pings(desk, 1)).toBe(1);
    desk.clock.advanceTo(100);
    expect(pings(desk, 1)).toBe(1);
    desk.clock.advanceTo(200);
    expect(pings(desk, 1)).toBe(2);
  });

  it("begins and ends with a block", () => {
    const desk = lost({ fromBlock: 3, toBlock: 3 });
    const heard = [1, 2, 3, 4, 5].map(() => {
      const before = desk.heard("pong").length;
      const got = pings(desk, 1) - before;
      desk.pass();
      return got;
    });
    expect(heard.filter((got) => got === 0)).toHaveLength(1);
    expect([heard[0], heard[4]]).toEqual([1, 1]);
  });

  it("draws a chance of the plan's seed", () => {
    const left = pings(lost({ chance: 0.25 }), 400);
    expect(left).toBeGreaterThan(260);
    expect(left).toBeLessThan(340);
  });
});

it("the first fault that applies decides, and the others are not asked", () => {
  const desk = deskWith([
    { what: "splitArray", times: 1 },
    { what: "loseFrame", to: { channel: "orderUpdates" }, times: 1 },
  ]);
  desk.act(two);
  desk.act(two);
  desk.act(two);
  expect(prices(desk)).toEqual([["64000.0"], ["63000.0"], ["64000.0", "63000.0"]]);
});
