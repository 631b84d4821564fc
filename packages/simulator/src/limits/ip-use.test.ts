import { describe, expect, it } from "vitest";
import { ALICE, Desk, limit, openExchange } from "../desk.fixture.ts";
import type { LimitsOption } from "./limits.ts";
import type { WireSocket } from "@cloister/model";

const PING = { method: "ping" };
const user = (index: number) => `0x${index.toString(16).padStart(40, "0")}`;
const updatesOf = (index: number) => ({ type: "orderUpdates", user: user(index) });

function begin(limits: LimitsOption = {}) {
  const at = openExchange({ limits });
  return { at, alice: new Desk(at, ALICE) };
}

/** One caller over HTTP; reads answer at once. */
function caller(limits: LimitsOption = {}) {
  const at = openExchange({ limits });
  const edge = at.exchange.edge();
  const peer = { inFlightPosts: 0 };
  const read = (request: object, as = peer) => {
    const answers: unknown[] = [];
    const body = JSON.stringify(request);
    edge.answerHttp({ path: "/info", contentType: "application/json", body }, as, {
      answer: ({ status, body: text }) => answers.push(status === 200 ? 200 : [status, text]),
      cut: () => answers.push("cut"),
    });
    return answers[0];
  };
  return { clock: at.clock, read };
}

describe("HTTP weight of a network address (protocol §12.1)", () => {
  it("is 1200 a minute; then 429 with null, which weighs nothing", () => {
    const { clock, read } = caller();
    for (let count = 0; count < 60; count += 1) expect(read({ type: "meta" })).toBe(200);
    expect(read({ type: "meta" })).toEqual([429, "null"]);
    expect(read({ type: "allMids" })).toEqual([429, "null"]);
    expect(read({ type: "meta" }, { inFlightPosts: 0 })).toBe(200);
    clock.advanceBy(59_999);
    expect(read({ type: "meta" })).toEqual([429, "null"]);
    clock.advanceBy(1);
    for (let count = 0; count < 60; count += 1) expect(read({ type: "meta" })).toBe(200);
    expect(read({ type: "meta" })).toEqual([429, "null"]);
  });

  it("counts actions by their batch, and rows afterwards", () => {
    const { alice } = begin({ restWeight: 90 });
    const order = limit({ b: true, p: "60000", s: "0.001" });
    alice.act({ type: "order", orders: Array.from({ length: 40 }, () => order), grouping: "na" });
    const history = JSON.stringify({ type: "historicalOrders", user: ALICE });
    // 20 and 2 for 40 rows, four times: 88 of 90.
    const statuses = [1, 2, 3, 4, 5].map(() => alice.http("/info", history).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
    const noop = '{"action":{"type":"noop"}}';
    // 1 and 1: what is malformed weighs too.
    expect([1, 2, 3].map(() => alice.http("/exchange", noop).status)).toEqual([422, 422, 429]);
  });

  it("is not used by posts, and off without limits", () => {
    const { alice } = begin({ restWeight: 0 });
    expect(alice.http("/info", '{"type":"meta"}')).toEqual({ status: 429, body: "null" });
    expect(alice.act({ type: "noop" })).toMatchObject({ status: "ok" });
    const { read } = caller(false);
    for (let count = 0; count < 61; count += 1) expect(read({ type: "meta" })).toBe(200);
  });
});

describe("sockets of a network address (protocol §12.1)", () => {
  it("send 2000 frames a minute together; more are told so and not read", () => {
    const { at, alice } = begin();
    const second = alice.wire.connect("market", quiet());
    at.clock.advanceBy(1);
    for (let count = 0; count < 1_000; count += 1) {
      alice.socket.send(JSON.stringify(PING));
      second.send(JSON.stringify(PING));
    }
    at.clock.advanceBy(1);
    expect(alice.frames).toHaveLength(1_000);
    alice.send(PING);
    expect(alice.frames.at(-1)).toEqual({
      channel: "error",
      data: "Cannot send more than 2000 messages per minute.",
    });
    at.clock.advanceBy(60_000 - 1_000);
    alice.send(PING);
    expect(alice.heard("error")).toHaveLength(2);
    at.clock.advanceBy(1_000);
    new Desk(at, ALICE).send(PING);
    expect(alice.closes).toEqual([]);
    alice.send(PING);
    expect(alice.frames.at(-1)).toEqual({ channel: "pong" });
  });

  it("name 15 users together, in the venue's words, and more when some are given up", () => {
    const { at, alice } = begin();
    for (let index = 1; index <= 15; index += 1) alice.subscribe(updatesOf(index));
    alice.subscribe({ type: "userFills", user: user(15) });
    expect(alice.heard("error")).toEqual([]);
    alice.subscribe(updatesOf(16));
    expect(alice.heard("error")).toEqual(["Cannot track more than 15 total users."]);
    alice.subscribe({ type: "allMids" });
    alice.send({ method: "unsubscribe", subscription: updatesOf(15) });
    alice.subscribe(updatesOf(16));
    expect(alice.heard("error")).toHaveLength(2);
    alice.send({ method: "unsubscribe", subscription: { type: "userFills", user: user(15) } });
    alice.subscribe(updatesOf(16));
    expect(alice.heard("error")).toHaveLength(2);
    expect(alice.heard("subscriptionResponse")).toHaveLength(20);
    expect(at.clock.monotonicMs()).toBeLessThan(60_000);
  });

  it("hold a thousand subscriptions together; a closed one gives its own back", () => {
    const { at, alice } = begin({ subscriptions: 3 });
    const second = alice.wire.connect("market", quiet());
    at.clock.advanceBy(1);
    const mids = (dex: string) => ({ type: "allMids", dex });
    for (const dex of ["", "xyz"]) {
      second.send(JSON.stringify({ method: "subscribe", subscription: mids(dex) }));
    }
    alice.subscribe(mids(""));
    alice.subscribe(mids("xyz"));
    expect(alice.heard("error")).toEqual(["Cannot track more than 3 total subscriptions."]);
    second.close();
    alice.subscribe(mids("xyz"));
    expect(alice.heard("error")).toHaveLength(1);
  });

  it("are ten at a time; the next is dropped at once", () => {
    const { at, alice } = begin();
    const seen = [...Array(10).keys()].map(() => connect(alice));
    at.clock.advanceBy(2);
    expect(seen.map(({ closes }) => closes)).toEqual([...Array(9).fill([]), [1006]]);
    alice.socket.close();
    const next = connect(alice);
    at.clock.advanceBy(2);
    expect(next.closes).toEqual([]);
  });

  it("are thirty new ones a minute", () => {
    const { at, alice } = begin();
    const begun = (): number[] => {
      const one = connect(alice);
      at.clock.advanceBy(2);
      one.socket.close();
      return one.closes;
    };
    expect(Array.from({ length: 30 }, begun).filter(([code]) => code === 1006)).toHaveLength(1);
    at.clock.advanceBy(60_000);
    expect(begun()).not.toContain(1006);
  });

  it("are not counted without limits", () => {
    const { at, alice } = begin(false);
    const seen = [...Array(40).keys()].map(() => connect(alice));
    at.clock.advanceBy(2);
    expect(seen.flatMap(({ closes }) => closes)).toEqual([]);
    for (let count = 0; count < 2_001; count += 1) alice.socket.send(JSON.stringify(PING));
    for (let index = 1; index <= 16; index += 1) alice.subscribe(updatesOf(index));
    expect(alice.heard("error")).toEqual([]);
  });
});

function quiet(closes: number[] = []) {
  return { opened: () => {}, received: () => {}, closed: (code: number) => closes.push(code) };
}

function connect(alice: Desk): { socket: WireSocket; closes: number[] } {
  const closes: number[] = [];
  return { socket: alice.wire.connect("market", quiet(closes)), closes };
}
