import { describe, expect, it } from "vitest";
import { ALICE, Desk, openExchange } from "../../desk.fixture.ts";
import { channels, deafDeskWith, deskWith, place, resting } from "../plan-desk.fixture.ts";

const pong = { channel: "pong" };

describe("slowSocket", () => {
  /** `{"channel":"pong"}` is 18 bytes long. */
  const slow = { what: "slowSocket", bytesPerSecond: 36 };

  it("frames take their time, and none overtakes another", () => {
    const desk = deafDeskWith(slow);
    for (let at = 0; at < 3; at += 1) desk.send({ method: "ping" });
    const heard = [400, 100, 500, 400, 100].map((ms) => {
      desk.clock.advanceBy(ms);
      return channels(desk).length;
    });
    expect(heard).toEqual([0, 1, 2, 2, 3]);
  });

  it("situation 102: what is not slow itself waits behind what is", () => {
    const desk = deafDeskWith({ ...slow, to: pong });
    desk.send({ method: "ping" });
    desk.subscribe({ type: "orderUpdates", user: ALICE });
    expect(channels(desk)).toEqual([]);
    desk.clock.advanceBy(500);
    expect(channels(desk)).toEqual(["pong", "subscriptionResponse"]);
    desk.act(place);
    expect(channels(desk)).toEqual(["pong", "subscriptionResponse", "orderUpdates", "post"]);
  });

  it("is cut when it is 16 MB behind", () => {
    const desk = deafDeskWith(
      { what: "slowSocket", bytesPerSecond: 1 },
      openExchange({ limits: false }),
    );
    const text = "x".repeat(1_000_000);
    for (let at = 0; at < 15; at += 1) desk.send(text);
    desk.pass(1);
    expect(desk.closes).toEqual([]);
    desk.send(text);
    desk.pass(1);
    expect(desk.closes).toEqual([1006]);
  });
});

describe("halfOpen", () => {
  const mute = (ms: number): object => ({ what: "halfOpen", ms, to: pong, times: 1 });

  it("situation 93: hides that the exchange hung up after a minute of silence", () => {
    const desk = deskWith(mute(120_000));
    desk.send({ method: "ping" });
    desk.clock.advanceBy(119_000);
    expect([channels(desk), desk.closes]).toEqual([[], []]);
    desk.act(place);
    expect(resting(desk)).toBe(0);
    desk.clock.advanceBy(1_000);
    expect([channels(desk), desk.closes]).toEqual([[], [1006]]);
  });

  it("a short one is not noticed by the exchange", () => {
    const desk = deskWith(mute(50_000));
    desk.send({ method: "ping" });
    desk.clock.advanceBy(50_000);
    desk.send({ method: "ping" });
    expect([channels(desk), desk.closes]).toEqual([["pong"], []]);
  });

  it("hides a cut of the exchange by another fault, until it is over", () => {
    const at = openExchange();
    const desk = deafDeskWith(mute(10_000), at);
    desk.send({ method: "ping" });
    desk.send({ method: "subscribe", subscription: { type: "bbo", coin: "NOPE" } });
    desk.clock.advanceBy(20_000);
    expect(desk.closes).toEqual([]);
    desk.send({ method: "subscribe", subscription: { type: "bbo", coin: "NOPE" } });
    desk.pass(1);
    expect(desk.closes).toEqual([1006]);
  });

  it("by hand too: what the other end did is heard of afterwards", () => {
    const desk = new Desk(openExchange(), ALICE);
    desk.wire.mute(true);
    desk.clock.advanceBy(61_000);
    expect(desk.closes).toEqual([]);
    desk.wire.mute(false);
    desk.clock.advanceBy(1);
    expect(desk.closes).toEqual([1006]);
  });
});

describe("when", () => {
  const pongs = (when: object, more: object = {}): number[] => {
    const desk = deafDeskWith({ what: "loseFrame", to: pong, when, ...more });
    const lost: number[] = [];
    for (let at = 0; at < 60; at += 1) {
      const before = desk.heard("pong").length;
      desk.send({ method: "ping" });
      if (desk.heard("pong").length === before) lost.push(at);
      desk.clock.advanceBy(999);
    }
    return lost;
  };

  it("everyMs: the first of each so many ms", () => {
    expect(pongs({ everyMs: 10_000 })).toEqual([0, 10, 20, 30, 40, 50]);
    expect(pongs({ everyMs: 10_000, afterMs: 3_500 })).toEqual([4, 14, 24, 34, 44, 54]);
  });

  it("situation 103: a reconnect every second", () => {
    const at = openExchange();
    const desk = deafDeskWith({ what: "disconnect", when: { everyMs: 1_000, afterMs: 500 } }, at);
    const closed: number[] = [];
    const connect = (): void => {
      const socket = desk.wire.connect("private", {
        opened: () => {
          const subscription = { type: "l2Book", coin: "BTC" };
          socket.send(JSON.stringify({ method: "subscribe", subscription }));
        },
        received: () => {},
        closed: () => {
          closed.push(at.clock.monotonicMs());
          connect();
        },
      });
    };
    connect();
    for (let step = 0; step < 60; step += 1) at.clock.advanceBy(80);
    expect(closed.length).toBeGreaterThanOrEqual(3);
    expect(closed.length).toBeLessThanOrEqual(5);
  });

  it("meanMs: so many ms apart on average", () => {
    const lost = pongs({ meanMs: 4_000 });
    expect(lost.length).toBeGreaterThan(6);
    expect(lost.length).toBeLessThan(24);
    const gaps = new Set(lost.slice(1).map((at, index) => at - (lost[index] ?? 0)));
    expect(gaps.size).toBeGreaterThan(2);
  });
});
