import { ManualClock, parseAddress, seededRandom, SILENT } from "@cloister/model";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type ScriptedSocket, scriptedWire } from "../wire/scripted-wire.fixture.ts";
import { openConnection } from "./connection.ts";
import { accountStreams } from "./subscriptions.ts";

const ACCOUNT = parseAddress(`0x${"ab".repeat(20)}`);
const STREAMS = accountStreams(ACCOUNT, [""]);
const SEED = 20_261_122;
const CONNECTS_PER_MINUTE_MAX = 20;

type Move =
  | { readonly kind: "wait"; readonly ms: number }
  /** The venue behaves for a while: a waiting socket opens and every stream is acknowledged. */
  | { readonly kind: "calm" }
  | SocketMove;

type SocketMove = {
  readonly kind: "open" | "drop" | "pong" | "acknowledge" | "garbage";
  readonly socket: number;
};

const MOVES = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(20_000) }),
    fc.record({ kind: fc.constant("calm" as const) }),
    fc.record({
      kind: fc.constantFrom("open", "drop", "pong", "acknowledge", "garbage"),
      /** Counted from the newest: old sockets speak too. */
      socket: fc.nat(2),
    }),
  ),
  { minLength: 5, maxLength: 80, size: "max" },
);

function play(moves: readonly Move[]) {
  const clock = new ManualClock();
  const line = scriptedWire();
  const connects: number[] = [];
  const diary: { word: "live" | "lost"; epoch: number }[] = [];
  let frames = 0;
  let said = 0;
  const connection = openConnection({
    kind: "private",
    subscriptions: STREAMS,
    wire: {
      ...line.wire,
      connect: (kind, handlers) => {
        connects.push(clock.monotonicMs());
        return line.wire.connect(kind, handlers);
      },
    },
    clock,
    random: seededRandom(moves.length),
    logger: SILENT,
    onFrame: () => (frames += 1),
    onLive: (epoch) => diary.push({ word: "live", epoch }),
    onLost: (epoch) => diary.push({ word: "lost", epoch }),
  });

  function say(socket: ScriptedSocket, frame: unknown): void {
    said += 1;
    socket.say(frame);
  }

  function acknowledge(socket: ScriptedSocket): void {
    for (const subscription of STREAMS) {
      say(socket, { channel: "subscriptionResponse", data: { method: "subscribe", subscription } });
    }
  }

  function calm(): void {
    clock.advanceBy(500);
    const socket = line.sockets.at(-1);
    if (socket?.state() === "connecting") socket.open();
    if (socket?.state() === "open") acknowledge(socket);
  }

  const ACTS: Readonly<Record<SocketMove["kind"], (socket: ScriptedSocket) => void>> = {
    open: (socket) => {
      if (socket.state() === "connecting") socket.open();
    },
    drop: (socket) => socket.drop(),
    pong: (socket) => say(socket, { channel: "pong" }),
    garbage: (socket) => say(socket, "{broken"),
    acknowledge,
  };

  for (const move of moves) {
    if (move.kind === "wait") clock.advanceBy(move.ms);
    else if (move.kind === "calm") calm();
    else {
      const socket = line.sockets.at(-1 - move.socket);
      if (socket !== undefined) ACTS[move.kind](socket);
    }
    expect(line.sockets.filter((one) => one.state() !== "closed").length).toBeLessThanOrEqual(1);
    expect(connection.isLive()).toBe(diary.at(-1)?.word === "live");
  }
  return { clock, line, connection, connects, diary, frames, said };
}

it("situations 94 and 103: whatever happens, live and lost take turns and connects stay bounded", () => {
  let lives = 0;
  let losses = 0;
  fc.assert(
    fc.property(MOVES, (moves) => {
      const { diary, connects, frames, said } = play(moves);
      expect(frames).toBe(said);
      lives += diary.filter(({ word }) => word === "live").length;
      losses += diary.filter(({ word }) => word === "lost").length;
      for (const [index, { word, epoch }] of diary.entries()) {
        expect(word).toBe(index % 2 === 0 ? "live" : "lost");
        expect(epoch).toBeGreaterThanOrEqual(diary[index - 1]?.epoch ?? 1);
        if (word === "lost") expect(epoch).toBe(diary[index - 1]?.epoch);
      }
      for (const [index, atMs] of connects.entries()) {
        const oldest = connects[index - CONNECTS_PER_MINUTE_MAX];
        if (oldest !== undefined) expect(atMs - oldest).toBeGreaterThanOrEqual(60_000);
      }
    }),
    { seed: SEED, numRuns: 300 },
  );
  // The moves really lead through lives and losses.
  expect(Math.min(lives, losses)).toBeGreaterThan(100);
});

it("always comes back: after any past, a calm venue makes it live within the longest pause", () => {
  fc.assert(
    fc.property(MOVES, (moves) => {
      const { clock, line, connection } = play(moves);
      for (let minute = 0; minute < 60 && !connection.isLive(); minute += 1) {
        clock.advanceBy(2_000);
        const socket = line.last();
        if (socket.state() === "connecting") socket.open();
        if (socket.state() !== "open") continue;
        socket.say({ channel: "pong" });
        for (const subscription of STREAMS) {
          socket.say({
            channel: "subscriptionResponse",
            data: { method: "subscribe", subscription },
          });
        }
      }
      expect(connection.isLive()).toBe(true);
      connection.close();
      expect(clock.nextDueMs()).toBeUndefined();
    }),
    { seed: SEED, numRuns: 200 },
  );
});
