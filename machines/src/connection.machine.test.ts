import fc from "fast-check";
import { createActor } from "xstate";
import { describe, expect, it } from "vitest";
import {
  type ConnectionContext,
  type ConnectionEvent,
  type ConnectionTimings,
  openConnection,
} from "./connection.facts.ts";
import { connectionMachine } from "./connection.machine.ts";
import {
  type ConnectionDeadline,
  connectionOpeningWants,
  type ConnectionState,
  connectionWants,
  type ConnectionWish,
} from "./connection.wants.ts";

/** A connection on a hand-driven clock: its deadlines come back by themselves, everything else is told. */
class Story {
  nowMs = 0;
  wishes: readonly ConnectionWish[] = [];
  readonly all: ConnectionWish[] = [];
  readonly #timers = new Map<ConnectionDeadline, number>();
  readonly #actor;

  constructor(timings: Partial<ConnectionTimings> = {}) {
    this.#actor = createActor(connectionMachine, { input: openConnection(timings) }).start();
    this.#perform(connectionOpeningWants());
  }

  get state(): ConnectionState {
    return this.#actor.getSnapshot().value;
  }

  get facts(): ConnectionContext {
    return this.#actor.getSnapshot().context;
  }

  get says(): readonly string[] {
    return this.wishes.map(short);
  }

  hears(event: ConnectionEvent): this {
    const before = this.#actor.getSnapshot();
    this.#actor.send(event);
    this.#perform(connectionWants(before, event, this.#actor.getSnapshot()));
    return this;
  }

  on<T extends { readonly type: ConnectionEvent["type"] }>(
    event: T,
  ): T & { atMs: number; epoch: number } {
    return { ...event, atMs: this.nowMs, epoch: this.facts.epoch };
  }

  /** Lets time pass, deadline by deadline. */
  passes(ms: number): this {
    const untilMs = this.nowMs + ms;
    for (
      let next = this.#earliest();
      next !== undefined && next[1] <= untilMs;
      next = this.#earliest()
    ) {
      this.nowMs = next[1];
      this.#timers.delete(next[0]);
      this.hears(this.#eventOf(next[0]));
    }
    this.nowMs = untilMs;
    return this;
  }

  connects(): this {
    return this.passes(this.facts.pauseMs).hears(this.on({ type: "open" }));
  }

  lives(): this {
    return this.connects().hears(this.on({ type: "subscribed", acknowledged: 5, wanted: 5 }));
  }

  closes(jitter = 1): this {
    return this.hears(this.on({ type: "closed", code: 1006, jitter }));
  }

  #earliest(): readonly [ConnectionDeadline, number] | undefined {
    return [...this.#timers].toSorted((a, b) => a[1] - b[1])[0];
  }

  #eventOf(deadline: ConnectionDeadline): ConnectionEvent {
    if (deadline === "backoff") return { type: "backoff.passed", atMs: this.nowMs };
    if (deadline === "ping") return this.on({ type: "ping.due" });
    const jitter = 0;
    return deadline === "pong"
      ? this.on({ type: "ping.timeout", jitter })
      : this.on({ type: "subscribe.timeout", jitter });
  }

  #perform(wishes: readonly ConnectionWish[]): void {
    this.wishes = wishes;
    this.all.push(...wishes);
    for (const wish of wishes) {
      if (wish.type === "arm") this.#timers.set(wish.deadline, this.nowMs + wish.delayMs);
      if (wish.type === "disarm") this.#timers.delete(wish.deadline);
    }
  }
}

function short(wish: ConnectionWish): string {
  if (wish.type === "arm") return `arm ${wish.deadline} ${wish.delayMs}`;
  return wish.type === "disarm" ? `disarm ${wish.deadline}` : `${wish.type} ${wish.epoch}`;
}

describe("connection", () => {
  it("connects at once, subscribes, and is live only when every stream is acknowledged", () => {
    const socket = new Story();
    expect(socket.says).toEqual(["arm backoff 0"]);
    socket.passes(0);
    expect(socket.says).toEqual(["connect 1", "arm subscribe 10000"]);
    socket.hears(socket.on({ type: "open" }));
    expect(socket.says).toEqual(["subscribe 1"]);
    socket.hears(socket.on({ type: "subscribed", acknowledged: 4, wanted: 5 }));
    expect(socket.state).toBe("subscribing");
    socket.hears(socket.on({ type: "subscribed", acknowledged: 5, wanted: 5 }));
    expect(socket.state).toBe("live");
    expect(socket.says).toEqual([
      "disarm subscribe",
      "reportLive 1",
      "disarm pong",
      "arm ping 15000",
    ]);
  });

  it("a socket that does not subscribe in time is given up", () => {
    const socket = new Story().connects().passes(10_000);
    expect(socket.state).toBe("waiting");
    expect(socket.says).toEqual(["disarm subscribe", "close 1", "arm backoff 125"]);
  });

  it("situation 91: a closed socket is a gap, reported once, and connected anew", () => {
    const socket = new Story().lives().closes();
    expect(socket.state).toBe("waiting");
    expect(socket.says).toEqual(["reportLost 1", "disarm ping", "disarm pong", "arm backoff 250"]);
    socket.passes(250);
    expect(socket.says[0]).toBe("connect 2");
  });

  it("situation 93: a half-open socket is found by its ping: a gap at once, then a new socket", () => {
    const socket = new Story().lives().passes(15_000);
    expect(socket.says).toEqual(["ping 1", "arm pong 5000"]);
    socket.passes(5_000);
    expect(socket.state).toBe("stale");
    expect(socket.says).toEqual(["reportLost 1", "ping 1", "arm pong 5000"]);
    socket.passes(5_000);
    expect(socket.state).toBe("waiting");
    expect(socket.says).toContain("close 1");
    expect(socket.says).not.toContain("reportLost 1");
  });

  it("situation 93: a half-open socket is found although pings are due before their answers are overdue", () => {
    const socket = new Story({ pingMs: 2_000, pongTimeoutMs: 5_000 }).lives().passes(7_000);
    expect(socket.state).toBe("stale");
    expect(socket.passes(5_000).state).toBe("waiting");
  });

  it("pings again after each answer", () => {
    const socket = new Story()
      .lives()
      .passes(15_000)
      .hears({ type: "pong", atMs: 15_000, epoch: 1 });
    expect(socket.says).toEqual(["disarm pong", "arm ping 15000"]);
    expect(socket.passes(15_000).says).toEqual(["ping 1", "arm pong 5000"]);
  });

  it("situation 93: a slow socket that talks again is live again, and that is a new barrier", () => {
    for (const type of ["pong", "frame"] as const) {
      const socket = new Story().lives().passes(20_000);
      expect(socket.state).toBe("stale");
      socket.hears(socket.on({ type }));
      expect(socket.state).toBe("live");
      expect(socket.says[0]).toBe("reportLive 1");
    }
  });

  it("a pong in time keeps it live for ever", () => {
    const socket = new Story().lives();
    for (let round = 0; round < 20; round += 1) {
      socket.passes(15_000).hears(socket.on({ type: "pong" }));
    }
    expect(socket.state).toBe("live");
    expect(socket.all.filter(({ type }) => type === "reportLost")).toEqual([]);
  });

  it("a silent channel is cured by a new socket only", () => {
    const socket = new Story().lives();
    socket.hears(socket.on({ type: "channel.silent", jitter: 0 }));
    expect(socket.says).toEqual(["reportLost 1", "close 1"]);
    socket.hears(socket.on({ type: "frame" })).hears(socket.on({ type: "pong" }));
    expect(socket.state).toBe("stale");
    expect(socket.closes().state).toBe("waiting");
  });

  it("situation 94: what an old socket says never counts for the new one", () => {
    const socket = new Story().lives().closes().connects();
    const old = { atMs: socket.nowMs, epoch: 1 };
    socket.hears({ type: "subscribed", ...old, acknowledged: 5, wanted: 5 });
    socket.hears({ type: "closed", ...old, code: 1000, jitter: 0 });
    expect(socket.state).toBe("subscribing");
  });

  it("situation 103: flapping doubles the pause up to its ceiling, and jitter halves it at most", () => {
    const socket = new Story();
    const pauses: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      socket.lives().passes(100).closes(1);
      pauses.push(socket.facts.pauseMs);
    }
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    socket.lives().closes(0);
    expect(socket.facts.pauseMs).toBe(5_000);
  });

  it("situation 103: the pause starts over only after 30 s of life", () => {
    const flapping = new Story();
    for (let round = 0; round < 4; round += 1) flapping.lives().closes();
    flapping.lives().passes(14_000).closes();
    expect(flapping.facts.pauseMs).toBe(4_000);
    flapping.lives();
    flapping.passes(15_000).hears(flapping.on({ type: "pong" }));
    flapping
      .passes(15_000)
      .hears(flapping.on({ type: "pong" }))
      .closes();
    expect(flapping.facts.pauseMs).toBe(250);
  });

  it("situation 103: never more than 20 connects in a minute, however it flaps", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 60 }), (lives) => {
        const socket = new Story();
        const connects: number[] = [];
        for (const lifeMs of lives) {
          socket.passes(socket.facts.pauseMs);
          connects.push(socket.nowMs);
          socket.hears(socket.on({ type: "open" }));
          socket.hears(socket.on({ type: "subscribed", acknowledged: 1, wanted: 1 }));
          socket.nowMs += lifeMs;
          socket.closes(0);
        }
        for (const [index, atMs] of connects.entries()) {
          const later = connects[index + 20];
          if (later !== undefined) expect(later - atMs).toBeGreaterThanOrEqual(60_000);
        }
        expect(socket.facts.connectedAtMs.length).toBeLessThanOrEqual(21);
      }),
      { numRuns: 100, seed: 20_261_122 },
    );
    const mad = openConnection({ backoffMinMs: 0, backoffMaxMs: 0 });
    const actor = createActor(connectionMachine, { input: mad }).start();
    for (let epoch = 1; epoch <= 20; epoch += 1) {
      actor.send({ type: "backoff.passed", atMs: epoch });
      actor.send({ type: "closed", atMs: epoch, epoch, code: 1006, jitter: 0 });
    }
    expect(actor.getSnapshot().context.pauseMs).toBe(60_000 + 1 - 20);
  });

  it("stop closes the socket from every state, for good", () => {
    const ways: readonly (() => Story)[] = [
      () => new Story(),
      () => new Story().passes(0),
      () => new Story().connects(),
      () => new Story().lives(),
      () => new Story().lives().passes(20_000),
    ];
    for (const way of ways) {
      const socket = way();
      const isOpen = socket.state !== "waiting";
      socket.hears({ type: "stop", atMs: socket.nowMs });
      expect(socket.state).toBe("stopped");
      expect(socket.says.some((text) => text.startsWith("close"))).toBe(isOpen);
      socket.hears({ type: "backoff.passed", atMs: socket.nowMs }).passes(100_000);
      expect(socket.state).toBe("stopped");
    }
  });
});
