import type { ConnectionContext, ConnectionEvent } from "./connection.facts.ts";

export type ConnectionState =
  | "waiting"
  | "connecting"
  | "subscribing"
  | "live"
  | "stale"
  | "stopped";

/**
 * Deadlines come back as: backoff → `backoff.passed`, subscribe → `subscribe.timeout`, ping → `ping.due`,
 * pong → `ping.timeout`. All of them belong to the present epoch.
 */
export type ConnectionDeadline = "backoff" | "subscribe" | "ping" | "pong";

/** What a connection wants done next, in this order. */
export type ConnectionWish =
  /** Open a socket; everything it says carries this epoch. */
  | { readonly type: "connect"; readonly epoch: number }
  | { readonly type: "close"; readonly epoch: number }
  /** Subscribe every stream, and tell `subscribed` after each acknowledgement. */
  | { readonly type: "subscribe"; readonly epoch: number }
  | { readonly type: "ping"; readonly epoch: number }
  | { readonly type: "arm"; readonly deadline: ConnectionDeadline; readonly delayMs: number }
  | { readonly type: "disarm"; readonly deadline: ConnectionDeadline }
  /** Every stream is acknowledged, or speaks again. */
  | { readonly type: "reportLive"; readonly epoch: number }
  /** From here on something may have been missed. */
  | { readonly type: "reportLost"; readonly epoch: number; readonly reason: string };

/** A snapshot of the machine has this shape. */
export type ConnectionView = {
  readonly value: ConnectionState;
  readonly context: ConnectionContext;
};

/** What a connection wants before any event: the first connect, at once. */
export function connectionOpeningWants(): readonly ConnectionWish[] {
  return [{ type: "arm", deadline: "backoff", delayMs: 0 }];
}

/** What is to be done now that `event` led from `before` to `after`. Pure. */
export function connectionWants(
  before: ConnectionView,
  event: ConnectionEvent,
  after: ConnectionView,
): readonly ConnectionWish[] {
  if (before.value === after.value) return stayingWants(event, after);
  return [...leavingWants(before, event, after), ...enteringWants(event, after)];
}

function stayingWants(
  event: ConnectionEvent,
  { value, context }: ConnectionView,
): readonly ConnectionWish[] {
  if (value !== "live" && value !== "stale") return [];
  if (!("epoch" in event) || event.epoch !== context.epoch) return [];
  if (event.type === "ping.due") return pinging(context);
  return event.type === "pong" ? [disarm("pong"), armPing(context)] : [];
}

function leavingWants(
  { value, context }: ConnectionView,
  event: ConnectionEvent,
  after: ConnectionView,
): readonly ConnectionWish[] {
  const { epoch } = context;
  const lost: readonly ConnectionWish[] =
    value === "live" ? [{ type: "reportLost", epoch, reason: event.type }] : [];
  const isGone = after.value === "waiting" || after.value === "stopped";
  if (!isGone) return [...lost, ...(value === "subscribing" ? [disarm("subscribe")] : [])];
  const close: ConnectionWish = { type: "close", epoch };
  const isClosed = event.type === "closed" || value === "waiting";
  return [...lost, ...DISARMS[value], ...(isClosed ? [] : [close])];
}

function enteringWants(
  event: ConnectionEvent,
  { value, context }: ConnectionView,
): readonly ConnectionWish[] {
  const { epoch, timings } = context;
  switch (value) {
    case "waiting":
      return [{ type: "arm", deadline: "backoff", delayMs: context.pauseMs }];
    case "connecting":
      return [
        { type: "connect", epoch },
        { type: "arm", deadline: "subscribe", delayMs: timings.subscribeTimeoutMs },
      ];
    case "subscribing":
      return [{ type: "subscribe", epoch }];
    case "live":
      return [{ type: "reportLive", epoch }, disarm("pong"), armPing(context)];
    case "stale":
      // A slow socket gets one more ping. A silent channel is cured by a new socket only.
      return event.type === "ping.timeout" ? pinging(context) : [{ type: "close", epoch }];
    case "stopped":
      return [];
  }
}

const DISARMS: Record<ConnectionState, readonly ConnectionWish[]> = {
  waiting: [disarm("backoff")],
  connecting: [disarm("subscribe")],
  subscribing: [disarm("subscribe")],
  live: [disarm("ping"), disarm("pong")],
  stale: [disarm("ping"), disarm("pong")],
  stopped: [],
};

/** The next ping waits for the answer: it would move the deadline of this one, for ever if pings are frequent. */
function pinging({ epoch, timings }: ConnectionContext): readonly ConnectionWish[] {
  return [
    { type: "ping", epoch },
    { type: "arm", deadline: "pong", delayMs: timings.pongTimeoutMs },
  ];
}

function armPing({ timings }: ConnectionContext): ConnectionWish {
  return { type: "arm", deadline: "ping", delayMs: timings.pingMs };
}

function disarm(deadline: ConnectionDeadline): ConnectionWish {
  return { type: "disarm", deadline };
}
