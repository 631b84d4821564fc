import {
  type ConnectionDeadline,
  type ConnectionEvent,
  type ConnectionTimings,
  type ConnectionView,
  type ConnectionWish,
  connectionMachine,
  connectionOpeningWants,
  connectionWants,
  openConnection as freshConnection,
} from "@cloister/machines";
import type { Clock, Logger, Random, Wire, WireSocketKind } from "@cloister/model";
import { createActor } from "xstate";
import type { Frame } from "../codec/frame.ts";
import { harmless, quietLogger } from "./harmless.ts";
import { namedTimers } from "./named-timers.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { openSocketTalk, type SocketTalk } from "./socket-talk.ts";
import type { Subscription } from "./subscriptions.ts";

export type ConnectionParts = {
  readonly kind: WireSocketKind;
  readonly subscriptions: readonly Subscription[];
  readonly wire: Wire;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly timings?: Partial<ConnectionTimings>;
  /** Every frame of every socket; `late` are those of a socket that is gone. */
  readonly onFrame: (frame: Frame, text: string, late: boolean) => void;
  /** Every stream is acknowledged. */
  readonly onLive: (epoch: number) => void;
  /** A connection that was live is so no more: from here on something may have been missed. */
  readonly onLost: (epoch: number, reason: string) => void;
  /** Takes XState's inspection events of the connection's actor. */
  readonly inspect?: (event: unknown) => void;
};

export type Connection = {
  readonly isLive: () => boolean;
  /** "never" unless the connection is live. */
  readonly send: (text: string) => "written" | "never";
  /** The streams of the live socket are not believed any more: another socket follows. */
  readonly distrust: (reason: string) => void;
  /** Ends the socket and every timer; nothing is told afterwards. */
  readonly close: () => void;
};

/** What happened, and in more words than the machine needs. */
type Happening = { readonly event: ConnectionEvent; readonly detail: string };

/**
 * Keeps one connection alive: performs what the `connection` machine wants on the ports
 * (protocol §2). Happenings are queued, so that each is done with before the next.
 */
export function openConnection(given: ConnectionParts): Connection {
  return runConnection({ ...given, logger: quietLogger(given.logger) });
}

function runConnection(parts: ConnectionParts): Connection {
  const { clock } = parts;
  const actor = startActor(parts);
  const timers = namedTimers<ConnectionDeadline>(clock);
  const happen = oneAtATime(step);
  let talk: SocketTalk | undefined;
  let isClosed = false;

  function tell(event: ConnectionEvent, detail: string = event.type): void {
    // Only a connection that was thought silent cares for every single frame.
    if (event.type === "frame" && actor.getSnapshot().value !== "stale") return;
    happen({ event, detail });
  }

  function step({ event, detail }: Happening): void {
    const before = viewOf(actor.getSnapshot());
    actor.send(event);
    const after = viewOf(actor.getSnapshot());
    if (!isClosed) logStep({ before, after, detail }, parts);
    for (const wish of connectionWants(before, event, after)) {
      // A wish that throws must not cost the ones behind it: the ping would be among them.
      harmless(() => perform(wish, detail), parts.logger);
    }
  }

  function perform(wish: ConnectionWish, detail: string): void {
    switch (wish.type) {
      case "connect":
        talk = openSocketTalk({ ...parts, epoch: wish.epoch, tell, hear: hearing(wish.epoch) });
        return;
      case "close":
      case "subscribe":
      case "ping":
        talk?.[wish.type]();
        return;
      case "arm":
        timers.arm(wish.deadline, wish.delayMs, () => due(wish.deadline));
        return;
      case "disarm":
        timers.disarm(wish.deadline);
        return;
      case "reportLive":
        parts.onLive(wish.epoch);
        return;
      case "reportLost":
        if (!isClosed) parts.onLost(wish.epoch, detail);
    }
  }

  const hearing = (epoch: number) => (frame: Frame, text: string) => {
    if (isClosed) return;
    const { value, context } = actor.getSnapshot();
    const late = context.epoch !== epoch || value === "waiting";
    harmless(() => parts.onFrame(frame, text, late), parts.logger);
  };

  function due(deadline: ConnectionDeadline): void {
    const { epoch } = actor.getSnapshot().context;
    tell(eventOf(deadline, { epoch, atMs: clock.monotonicMs(), jitter: parts.random.next() }));
  }

  const isLive = (): boolean => actor.getSnapshot().value === "live";
  for (const wish of connectionOpeningWants()) perform(wish, "start");
  return {
    isLive,
    send: (text) => (talk !== undefined && isLive() ? talk.send(text) : "never"),
    distrust: (reason) => {
      const { epoch } = actor.getSnapshot().context;
      const now = { epoch, atMs: clock.monotonicMs(), jitter: parts.random.next() };
      tell({ type: "channel.silent", ...now }, `silent: ${reason}`);
    },
    close: () => {
      isClosed = true;
      tell({ type: "stop", atMs: clock.monotonicMs() });
      timers.disarmAll();
    },
  };
}

function startActor({ kind, timings, inspect, logger }: ConnectionParts) {
  return createActor(connectionMachine, {
    id: `connection.${kind}`,
    input: freshConnection(timings),
    ...(inspect && { inspect: (event) => harmless(() => inspect(event), logger) }),
  }).start();
}

function viewOf({ value, context }: ConnectionView): ConnectionView {
  return { value, context };
}

function eventOf(
  deadline: ConnectionDeadline,
  { epoch, atMs, jitter }: { epoch: number; atMs: number; jitter: number },
): ConnectionEvent {
  switch (deadline) {
    case "backoff":
      return { type: "backoff.passed", atMs };
    case "subscribe":
      return { type: "subscribe.timeout", epoch, atMs, jitter };
    case "ping":
      return { type: "ping.due", epoch, atMs };
    case "pong":
      return { type: "ping.timeout", epoch, atMs, jitter };
  }
}

function logStep(
  { before, after, detail }: { before: ConnectionView; after: ConnectionView; detail: string },
  { kind, logger }: ConnectionParts,
): void {
  if (after.value === before.value) return;
  const { epoch, attempts, pauseMs } = after.context;
  const fields = { socket: kind, epoch, state: before.value, reason: detail };
  if (after.value === "live") logger.info({ socket: kind, epoch }, "the connection is live");
  if (after.value === "stale") logger.warn(fields, "the connection is silent");
  if (after.value === "waiting") {
    logger.warn({ ...fields, attempts, pauseMs }, "the connection is gone, another one follows");
  }
}
