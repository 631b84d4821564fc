import type { WireAnswer } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange, signedEnvelope } from "../desk.fixture.ts";
import type { Faults } from "../faults/faults.ts";

const place = {
  type: "order",
  orders: [limit({ b: true, p: "64000", s: "0.001" })],
  grouping: "na",
};

function deskWith(faults: Faults): Desk {
  const desk = new Desk(openExchange(), ALICE, { faults });
  desk.subscribe({ type: "orderUpdates", user: ALICE });
  return desk;
}

const openOrders = (desk: Desk) =>
  (desk.info({ type: "openOrders", user: ALICE }) as object[]).length;

it("never delivers within a send, and keeps the latency both ways", () => {
  const { clock, exchange } = openExchange();
  const heard: [number, string][] = [];
  const socket = exchange.wire({ latencyMs: 25 }).connect("private", {
    opened: () => heard.push([clock.monotonicMs(), "opened"]),
    received: (text) => heard.push([clock.monotonicMs(), text]),
    closed: () => {},
  });
  expect(socket.send("too early")).toBe("never");
  clock.advanceBy(100);
  expect(socket.send('{"method":"ping"}')).toBe("written");
  expect(heard).toEqual([[25, "opened"]]);
  clock.advanceBy(100);
  expect(heard).toEqual([
    [25, "opened"],
    [150, '{"channel":"pong"}'],
  ]);
});

describe("faults", () => {
  it("loses an action before it runs: no order, no answer", () => {
    const desk = deskWith({ action: ({ type }) => (type === "order" ? "lose" : "execute") });
    expect(desk.act(place)).toBeUndefined();
    expect(openOrders(desk)).toBe(0);
  });

  it("does not count what was lost, or what nobody waits for, as in flight", () => {
    const at = openExchange();
    const desk = new Desk(at, ALICE, { faults: { action: () => "lose" } });
    for (let count = 0; count < 150; count += 1) desk.post(place);
    expect(desk.heard("error")).toEqual([]);
    const wire = at.exchange.wire();
    const heard: string[] = [];
    const connect = () =>
      wire.connect("private", {
        opened: () => {},
        received: (text) => heard.push(text),
        closed: () => {},
      });
    const post = (id: number): string => {
      const payload = signedEnvelope(ALICE, place, { nonce: at.clock.wallMs() + id });
      return JSON.stringify({ method: "post", id, request: { type: "action", payload } });
    };
    const first = connect();
    at.clock.advanceBy(1);
    for (let id = 1; id <= 100; id += 1) first.send(post(id));
    at.clock.advanceBy(1);
    wire.disconnect();
    const second = connect();
    at.clock.advanceBy(1);
    second.send(post(101));
    at.clock.advanceBy(100);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toContain('"id":101,"response":{"type":"action"');
  });

  it("loses the answer of an action that ran", () => {
    const desk = deskWith({ frame: ({ channel }) => (channel === "post" ? "lose" : "deliver") });
    expect(desk.act(place)).toBeUndefined();
    expect(desk.heard("orderUpdates")).toHaveLength(1);
    expect(openOrders(desk)).toBe(1);
  });

  it("holds an action some blocks", () => {
    const desk = deskWith({ action: () => ({ holdBlocks: 3 }) });
    const id = desk.post(place);
    desk.pass(3);
    expect([desk.answer(id), openOrders(desk)]).toEqual([undefined, 0]);
    desk.pass(1);
    expect(desk.answer(id)).toMatchObject({ status: "ok" });
  });

  it("duplicates, delays and reorders frames", () => {
    const desk = deskWith({
      frame: ({ channel }) =>
        channel === "post" ? "duplicate" : channel === "orderUpdates" ? { holdMs: 40 } : "deliver",
    });
    desk.forget();
    desk.act(place);
    desk.pass();
    expect(desk.frames.map(({ channel }) => channel)).toEqual(["post", "post", "orderUpdates"]);
  });

  it("cuts the connection instead of delivering", () => {
    const desk = deskWith({
      frame: ({ channel }) => (channel === "post" ? "disconnect" : "deliver"),
    });
    desk.act(place);
    desk.pass();
    expect(desk.closes).toEqual([1006]);
    expect(openOrders(desk)).toBe(1);
  });

  it("loses, cuts and answers requests", () => {
    const { clock, exchange } = openExchange();
    const fates = ["lose", "disconnect", "deliver"] as const;
    let asked = 0;
    const wire = exchange.wire({ faults: { answer: () => fates[asked++] ?? "deliver" } });
    const answers: WireAnswer[] = [];
    for (const at of [1, 2, 3]) {
      wire.request(
        {
          path: "/exchange",
          body: JSON.stringify(signedEnvelope(ALICE, place, { nonce: clock.wallMs() + at })),
          timeoutMs: 1_000,
        },
        (answer) => answers.push(answer),
      );
      clock.advanceBy(1_500);
    }
    expect(answers).toMatchObject([
      { kind: "failed", written: "maybe", reason: "timeout" },
      { kind: "failed", written: "maybe", reason: "connection reset" },
      { kind: "answered", status: 200 },
    ]);
  });

  it("lets somebody else answer, before or after the exchange did its work", () => {
    const { clock, exchange } = openExchange();
    const wire = exchange.wire({
      faults: {
        request: ({ count }) => (count === 1 ? { instead: { status: 429, body: "null" } } : "pass"),
        answer: ({ path }) =>
          path === "/exchange" ? { instead: { status: 502, body: "<html>" } } : "deliver",
      },
    });
    const answers: WireAnswer[] = [];
    const ask = (path: "/info" | "/exchange", body: object): void => {
      wire.request({ path, body: JSON.stringify(body), timeoutMs: 1_000 }, (answer) =>
        answers.push(answer),
      );
      clock.advanceBy(100);
    };
    ask("/exchange", signedEnvelope(ALICE, place, { nonce: clock.wallMs() }));
    ask("/info", { type: "openOrders", user: ALICE });
    ask("/exchange", signedEnvelope(ALICE, place, { nonce: clock.wallMs() }));
    ask("/info", { type: "openOrders", user: ALICE });
    expect(answers).toMatchObject([
      { status: 429, body: "null" },
      { status: 200, body: "[]" },
      { status: 502, body: "<html>" },
      { status: 200, body: expect.stringContaining("64000.0") as string },
    ]);
  });

  it("says what it is told to say", () => {
    const desk = deskWith({});
    desk.wire.say('{"channel":"strange"}');
    desk.pass();
    expect(desk.frames.at(-1)).toEqual({ channel: "strange" });
  });

  it("goes half-open, refuses, and ends with a code", () => {
    const desk = deskWith({});
    desk.wire.mute(true);
    desk.send({ method: "ping" });
    desk.pass(5);
    expect([desk.heard("pong"), desk.closes]).toEqual([[], []]);
    desk.wire.mute(false);
    desk.send({ method: "ping" });
    expect(desk.heard("pong")).toHaveLength(1);
    desk.wire.refuse(true);
    const closes: number[] = [];
    desk.wire.connect("private", {
      opened: () => closes.push(0),
      received: () => {},
      closed: (code) => closes.push(code),
    });
    desk.pass();
    desk.wire.disconnect(1000);
    desk.pass();
    expect([desk.closes, closes]).toEqual([[1000], [1006]]);
  });

  it("ends open requests and sockets when it closes", () => {
    const { clock, exchange } = openExchange();
    const wire = exchange.wire();
    const heard: unknown[] = [];
    wire.connect("market", {
      opened: () => {},
      received: () => {},
      closed: (code) => heard.push(code),
    });
    clock.advanceBy(1);
    wire.request(
      {
        path: "/exchange",
        body: JSON.stringify(signedEnvelope(ALICE, place, { nonce: clock.wallMs() })),
        timeoutMs: 1_000,
      },
      (answer) => heard.push(answer.kind),
    );
    wire.close();
    clock.advanceBy(2_000);
    expect(heard).toEqual(["failed", 1000]);
  });
});

it("keeps two wires apart: what one does wrong the other does not feel", () => {
  const at = openExchange();
  const bad = new Desk(at, ALICE, { faults: { frame: () => "lose" } });
  const good = new Desk(at, BOB);
  bad.send({ method: "ping" });
  good.send({ method: "ping" });
  expect([bad.frames.length, good.frames.length]).toEqual([0, 1]);
});
