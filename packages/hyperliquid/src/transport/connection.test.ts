import {
  type LogFields,
  ManualClock,
  parseAddress,
  seededRandom,
  SILENT,
  type Wire,
} from "@cloister/model";
import { describe, expect, it } from "vitest";
import { scriptedWire } from "../wire/scripted-wire.fixture.ts";
import { openConnection } from "./connection.ts";
import { accountStreams } from "./subscriptions.ts";

const ACCOUNT = parseAddress(`0x${"ab".repeat(20)}`);
const STREAMS = accountStreams(ACCOUNT, [""]);
const SUBSCRIBE_TIMEOUT_MS = 10_000;
const PING_MS = 15_000;
const PONG_TIMEOUT_MS = 5_000;
const BACKOFF_MAX_MS = 10_000;

/** One connection with its clock, its wire and a diary of what it told. */
function rig() {
  const clock = new ManualClock();
  const line = scriptedWire();
  const diary: string[] = [];
  const texts: string[] = [];
  const logged: { level: string; message: string; fields: LogFields }[] = [];
  const log = (level: string) => (fields: LogFields, message: string) => {
    logged.push({ level, message, fields });
  };
  const connection = openConnection({
    kind: "private",
    subscriptions: STREAMS,
    wire: line.wire,
    clock,
    random: seededRandom(7),
    logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    onFrame: (_frame, text) => texts.push(text),
    onLive: (epoch) => diary.push(`live ${epoch}`),
    onLost: (epoch, reason) => diary.push(`lost ${epoch}: ${reason}`),
  });
  clock.advanceBy(0);
  const acknowledge = (socket = line.last()): void => {
    for (const subscription of STREAMS) socket.say(ackOf(subscription));
  };
  const goLive = (): void => {
    line.last().open();
    acknowledge();
  };
  return { clock, line, diary, texts, logged, connection, acknowledge, goLive };
}

function ackOf(subscription: object) {
  return {
    channel: "subscriptionResponse",
    data: { method: "subscribe", subscription: { ...subscription, addedByTheVenue: null } },
  };
}

function pings(sent: readonly string[]): number {
  return sent.filter((text) => text === '{"method":"ping"}').length;
}

describe("subscribing", () => {
  it("asks for each stream in a frame of its own and is live when all are acknowledged", () => {
    const { line, diary, connection } = rig();
    expect(line.last().sent).toEqual([]);
    line.last().open();
    expect(line.last().sent).toEqual(
      STREAMS.map((subscription) => JSON.stringify({ method: "subscribe", subscription })),
    );
    for (const subscription of STREAMS) {
      expect(diary).toEqual([]);
      expect(connection.isLive()).toBe(false);
      line.last().say(ackOf(subscription));
    }
    expect(diary).toEqual(["live 1"]);
    expect(connection.isLive()).toBe(true);
  });

  it("hands on every frame, also a greeting, garbage and an early snapshot", () => {
    const { line, texts, goLive } = rig();
    goLive();
    const before = texts.length;
    const frames = ["Websocket connection established.", "{broken", '{"channel":"pong"}'];
    for (const frame of frames) line.last().say(frame);
    expect(texts.slice(before)).toEqual(frames);
  });

  it("is not made live by the same acknowledgement twice", () => {
    const { line, diary } = rig();
    line.last().open();
    for (const { type } of STREAMS) line.last().say(ackOf({ ...STREAMS[0], again: type }));
    expect(diary).toEqual([]);
  });

  it("counts `Already subscribed` as an acknowledgement", () => {
    const { line, diary } = rig();
    line.last().open();
    for (const subscription of STREAMS) {
      line
        .last()
        .say({ channel: "error", data: `Already subscribed: ${JSON.stringify(subscription)}` });
    }
    expect(diary).toEqual(["live 1"]);
  });

  it.each([
    [
      "ends",
      (subscription: object) => ({
        channel: "subscriptionResponse",
        data: { method: "unsubscribe", subscription },
      }),
    ],
    [
      "refuses afterwards",
      (subscription: object) => ({
        channel: "error",
        data: `Invalid subscription ${JSON.stringify(subscription)}`,
      }),
    ],
  ])("a stream that the venue %s is a gap, and comes back on a new socket", (_how, frameOf) => {
    const { clock, line, diary, goLive } = rig();
    goLive();
    line.last().say(frameOf({ ...STREAMS[0], type: "notOurs" }));
    expect(diary).toEqual(["live 1"]);
    line.last().say(frameOf({ ...STREAMS[0] }));
    expect(diary).toEqual(["live 1", expect.stringMatching(/^lost 1/)]);
    clock.advanceBy(BACKOFF_MAX_MS);
    goLive();
    expect(diary.at(-1)).toBe("live 2");
  });

  it("gives a lost acknowledgement its time, then begins again on a new socket", () => {
    const { clock, line, diary, acknowledge } = rig();
    line.last().open();
    for (const subscription of STREAMS.slice(1)) line.last().say(ackOf(subscription));
    clock.advanceBy(SUBSCRIBE_TIMEOUT_MS - 1);
    expect(line.last().state()).toBe("open");
    clock.advanceBy(1);
    expect(line.sockets[0]?.state()).toBe("closed");
    clock.advanceBy(BACKOFF_MAX_MS);
    expect(line.sockets).toHaveLength(2);
    line.last().open();
    acknowledge();
    expect(diary).toEqual(["live 2"]);
  });

  it("logs a refused subscription and tries again", () => {
    const { clock, line, diary, logged, goLive } = rig();
    line.last().open();
    line
      .last()
      .say({ channel: "error", data: `Invalid subscription ${JSON.stringify(STREAMS[1])}` });
    expect(logged.filter(({ level }) => level === "error" || level === "warn")).not.toEqual([]);
    clock.advanceBy(SUBSCRIBE_TIMEOUT_MS + BACKOFF_MAX_MS);
    expect(line.sockets.length).toBeGreaterThan(1);
    goLive();
    expect(diary.at(-1)).toMatch(/^live /);
  });
});

describe("losing", () => {
  it("tells a drop once, with the epoch that was live, and comes back under a new one", () => {
    const { clock, line, diary, goLive } = rig();
    goLive();
    line.last().drop(1006, "");
    expect(diary).toHaveLength(2);
    expect(diary[1]).toMatch(/^lost 1: .*1006/);
    clock.advanceBy(BACKOFF_MAX_MS);
    goLive();
    expect(diary).toHaveLength(3);
    expect(diary[2]).toBe("live 2");
  });

  it("takes close 1000 like any other close", () => {
    const { clock, line, diary, goLive } = rig();
    goLive();
    line.last().drop(1000, "bye");
    expect(diary[1]).toMatch(/^lost 1/);
    clock.advanceBy(BACKOFF_MAX_MS);
    expect(line.sockets).toHaveLength(2);
  });

  it("a connection that is not believed any more is given up, told once, and followed by another", () => {
    const { clock, line, diary, goLive, connection } = rig();
    connection.distrust("before it lives");
    goLive();
    connection.distrust("a list shows what no stream told");
    connection.distrust("twice");
    expect(diary).toEqual(["live 1", "lost 1: silent: a list shows what no stream told"]);
    expect(connection.isLive()).toBe(false);
    clock.advanceBy(BACKOFF_MAX_MS);
    goLive();
    expect(diary.at(-1)).toBe("live 2");
    expect(line.sockets[0]?.state()).toBe("closed");
  });

  it("situation 93: a half-open socket is found by an unanswered ping", () => {
    const { clock, line, diary, goLive, connection } = rig();
    goLive();
    clock.advanceBy(PING_MS);
    expect(pings(line.last().sent)).toBe(1);
    line.last().say({ channel: "pong" });
    clock.advanceBy(PING_MS);
    expect(pings(line.last().sent)).toBe(2);
    clock.advanceBy(PONG_TIMEOUT_MS - 1);
    expect(diary).toEqual(["live 1"]);
    clock.advanceBy(1);
    expect(diary[1]).toMatch(/^lost 1/);
    expect(connection.isLive()).toBe(false);
    clock.advanceBy(PONG_TIMEOUT_MS);
    expect(line.sockets[0]?.state()).toBe("closed");
    clock.advanceBy(BACKOFF_MAX_MS);
    goLive();
    expect(diary.slice(2)).toEqual(["live 2"]);
  });

  it("situation 93: a socket that was only slow is live again when it talks, and the gap was told", () => {
    const { clock, line, diary, goLive } = rig();
    goLive();
    clock.advanceBy(PING_MS + PONG_TIMEOUT_MS);
    expect(diary).toHaveLength(2);
    line.last().say({ channel: "pong" });
    expect(diary).toEqual(["live 1", expect.stringMatching(/^lost 1/), "live 1"]);
    expect(line.sockets).toHaveLength(1);
  });

  it("stays live as long as pongs come", () => {
    const { clock, line, diary, goLive } = rig();
    goLive();
    for (let round = 0; round < 40; round += 1) {
      clock.advanceBy(PING_MS);
      line.last().say({ channel: "pong" });
    }
    expect(diary).toEqual(["live 1"]);
    expect(pings(line.last().sent)).toBe(40);
  });

  it("situation 94: late frames of an old socket are handed on and never make the new one live", () => {
    const { clock, line, diary, texts, goLive, acknowledge } = rig();
    goLive();
    const [old] = line.sockets;
    old?.drop();
    clock.advanceBy(BACKOFF_MAX_MS);
    line.last().open();
    const before = texts.length;
    if (old !== undefined) acknowledge(old);
    old?.say({ channel: "pong" });
    expect(texts.length - before).toBe(STREAMS.length + 1);
    expect(diary.filter((entry) => entry.startsWith("live"))).toEqual(["live 1"]);
    acknowledge();
    expect(diary.at(-1)).toBe("live 2");
  });

  it("writes nothing while it is not open", () => {
    const { line, connection, goLive } = rig();
    expect(connection.send("early")).toBe("never");
    goLive();
    expect(connection.send("now")).toBe("written");
    line.last().drop();
    expect(connection.send("late")).toBe("never");
    expect(line.sockets[0]?.sent.at(-1)).toBe("now");
  });
});

describe("backing off", () => {
  /** Lets connects fail and notes how long each waited. */
  function waits(parts: ReturnType<typeof rig>, count: number): number[] {
    const { clock, line } = parts;
    return Array.from({ length: count }, () => {
      const known = line.sockets.length;
      const sinceMs = clock.monotonicMs();
      line.last().drop(1006, "ECONNREFUSED");
      for (
        let due = clock.nextDueMs();
        line.sockets.length === known && due !== undefined;
        due = clock.nextDueMs()
      ) {
        clock.advanceTo(due);
      }
      return clock.monotonicMs() - sinceMs;
    });
  }

  it("waits longer and longer, with jitter, between 250 ms and 10 s", () => {
    const seen = waits(rig(), 12);
    expect(Math.min(...seen)).toBeGreaterThan(0);
    expect(Math.max(...seen)).toBeLessThanOrEqual(BACKOFF_MAX_MS);
    expect(seen[0]).toBeLessThanOrEqual(500);
    expect(Math.min(...seen.slice(-4))).toBeGreaterThan(1_000);
    expect(new Set(seen.slice(-4)).size).toBeGreaterThan(1);
  });

  it("situation 103: flapping does not reset the wait; 30 s of life do", () => {
    const parts = rig();
    waits(parts, 8);
    parts.goLive();
    parts.clock.advanceBy(5_000);
    const [afterFlap = 0] = waits(parts, 1);
    expect(afterFlap).toBeGreaterThan(1_000);
    parts.goLive();
    parts.clock.advanceBy(PING_MS);
    parts.line.last().say({ channel: "pong" });
    parts.clock.advanceBy(PING_MS);
    parts.line.last().say({ channel: "pong" });
    parts.clock.advanceBy(1);
    const [afterLife = 0] = waits(parts, 1);
    expect(afterLife).toBeLessThanOrEqual(500);
  });

  it("situation 103: never connects more than 20 times in a minute, whatever happens", () => {
    const parts = rig();
    const times: number[] = [0];
    for (let round = 0; round < 100; round += 1) {
      waits(parts, 1);
      times.push(parts.clock.monotonicMs());
    }
    for (const [index, time] of times.entries()) {
      const within = times.slice(0, index + 1).filter((other) => time - other < 60_000);
      expect(within.length).toBeLessThanOrEqual(20);
    }
  });
});

describe("a wire that answers at once", () => {
  it("is understood in order, though everything happens within the connect", () => {
    const clock = new ManualClock();
    const diary: string[] = [];
    const wire: Wire = {
      connect: (_kind, handlers) => {
        handlers.opened();
        return {
          send: (text) => {
            const asked: unknown = JSON.parse(text);
            handlers.received(JSON.stringify({ channel: "subscriptionResponse", data: asked }));
            return "written";
          },
          close: () => handlers.closed(1006, ""),
        };
      },
      request: () => {},
      close: () => {},
    };
    const connection = openConnection({
      kind: "private",
      subscriptions: STREAMS,
      wire,
      clock,
      random: seededRandom(1),
      logger: SILENT,
      onFrame: (frame) => diary.push(frame.kind),
      onLive: (epoch) => diary.push(`live ${epoch}`),
      onLost: (epoch) => diary.push(`lost ${epoch}`),
    });
    clock.advanceBy(0);
    expect(diary).toEqual([...STREAMS.map(() => "subscribed"), "live 1"]);
    connection.close();
    expect(diary).toHaveLength(STREAMS.length + 1);
    expect(clock.nextDueMs()).toBeUndefined();
  });
});

describe("closing", () => {
  it("ends the socket and every timer, and tells nothing more", () => {
    const { clock, line, diary, texts, goLive, connection } = rig();
    goLive();
    connection.close();
    expect(line.last().state()).toBe("closed");
    expect(clock.nextDueMs()).toBeUndefined();
    const before = texts.length;
    line.last().say({ channel: "pong" });
    expect(texts.length).toBe(before);
    clock.advanceBy(60_000);
    expect(line.sockets).toHaveLength(1);
    expect(diary).toEqual(["live 1"]);
  });
});

describe("callbacks that throw", () => {
  function thrower(): never {
    throw new Error("the host's own fault");
  }

  it("cost neither a frame, nor a ping, nor the next connection", () => {
    const clock = new ManualClock();
    const line = scriptedWire();
    const told: string[] = [];
    const connection = openConnection({
      kind: "private",
      subscriptions: STREAMS,
      wire: line.wire,
      clock,
      random: seededRandom(7),
      logger: { debug: thrower, info: thrower, warn: thrower, error: thrower },
      onFrame: thrower,
      onLive: (epoch) => {
        told.push(`live ${epoch}`);
        thrower();
      },
      onLost: (epoch) => {
        told.push(`lost ${epoch}`);
        thrower();
      },
      inspect: thrower,
    });
    clock.advanceBy(0);
    line.last().open();
    line.last().say({ channel: "error", data: "something" });
    for (const subscription of STREAMS) line.last().say(ackOf(subscription));
    clock.advanceBy(PING_MS + PONG_TIMEOUT_MS);
    expect(pings(line.last().sent)).toBe(2);
    line.last().drop();
    clock.advanceBy(BACKOFF_MAX_MS);
    expect(line.sockets).toHaveLength(2);
    expect(told).toEqual(["live 1", "lost 1"]);
    connection.close();
    expect(clock.nextDueMs()).toBeUndefined();
  });

  it("a wire that throws is tried again", () => {
    const clock = new ManualClock();
    let connects = 0;
    const wire: Wire = {
      connect: () => {
        connects += 1;
        return thrower();
      },
      request: () => {},
      close: () => {},
    };
    const { onFrame, onLive, onLost } = { onFrame() {}, onLive() {}, onLost() {} };
    const parts = { kind: "private", subscriptions: STREAMS, wire, clock, logger: SILENT } as const;
    openConnection({ ...parts, random: seededRandom(7), onFrame, onLive, onLost });
    clock.advanceBy(SUBSCRIBE_TIMEOUT_MS + BACKOFF_MAX_MS);
    expect(connects).toBeGreaterThan(1);
  });
});

describe("closing from within a callback", () => {
  it.each(["onFrame", "onLive", "onLost"] as const)(
    "%s: no timer and no socket is left",
    (when) => {
      const clock = new ManualClock();
      const line = scriptedWire();
      const close = (name: string) => () => {
        if (name === when) connection.close();
      };
      const connection = openConnection({
        kind: "private",
        subscriptions: STREAMS,
        wire: line.wire,
        clock,
        random: seededRandom(7),
        logger: SILENT,
        onFrame: close("onFrame"),
        onLive: close("onLive"),
        onLost: close("onLost"),
      });
      clock.advanceBy(0);
      line.last().open();
      for (const subscription of STREAMS) line.last().say(ackOf(subscription));
      if (when === "onLost") line.last().drop();
      expect(line.last().state()).toBe("closed");
      expect(clock.nextDueMs()).toBeUndefined();
    },
  );
});

describe("inspecting", () => {
  it("shows the actor and every event, under the name of its socket", () => {
    const seen: unknown[] = [];
    const clock = new ManualClock();
    const line = scriptedWire();
    const { onFrame, onLive, onLost } = { onFrame() {}, onLive() {}, onLost() {} };
    openConnection({
      kind: "private",
      subscriptions: STREAMS,
      wire: line.wire,
      clock,
      random: seededRandom(7),
      logger: SILENT,
      onFrame,
      onLive,
      onLost,
      inspect: (event) => seen.push(event),
    });
    clock.advanceBy(0);
    expect(seen[0]).toMatchObject({
      type: "@xstate.actor",
      actorRef: { id: "connection.private" },
    });
    expect(seen).toContainEqual(
      expect.objectContaining({
        type: "@xstate.event",
        event: expect.objectContaining({ type: "backoff.passed" }),
      }),
    );
  });
});
