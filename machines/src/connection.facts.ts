/** Durations of a connection, ms. */
export type ConnectionTimings = {
  readonly pingMs: number;
  readonly pongTimeoutMs: number;
  /** From connecting until every subscription is acknowledged. */
  readonly subscribeTimeoutMs: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** Only after so long a life does the backoff start over. */
  readonly steadyMs: number;
  readonly connectsPerMinuteMax: number;
};

export const CONNECTION_TIMINGS: ConnectionTimings = {
  pingMs: 15_000,
  pongTimeoutMs: 5_000,
  subscribeTimeoutMs: 10_000,
  backoffMinMs: 250,
  backoffMaxMs: 10_000,
  steadyMs: 30_000,
  connectsPerMinuteMax: 20,
};

type OnSocket = {
  readonly atMs: number;
  /** The socket it happened on: `ConnectionContext.epoch` when it was connected. */
  readonly epoch: number;
};

/** `jitter`: uniform in [0, 1), from the random port, for the pause that may follow. */
type Failure = OnSocket & { readonly jitter: number };

/** All that can happen to a connection. `atMs` is monotonic. */
export type ConnectionEvent =
  | (OnSocket & { readonly type: "open" })
  | (OnSocket & {
      readonly type: "subscribed";
      readonly acknowledged: number;
      readonly wanted: number;
    })
  | (Failure & { readonly type: "subscribe.timeout" })
  | (OnSocket & { readonly type: "frame" })
  | (OnSocket & { readonly type: "pong" })
  | (OnSocket & { readonly type: "ping.due" })
  | (Failure & { readonly type: "ping.timeout" })
  /** A stream that should speak says nothing although the socket answers. */
  | (Failure & { readonly type: "channel.silent" })
  | (Failure & { readonly type: "closed"; readonly code: number })
  | (Failure & { readonly type: "error"; readonly reason: string })
  | { readonly type: "backoff.passed"; readonly atMs: number }
  | { readonly type: "stop"; readonly atMs: number };

/** What we know of the connection. JSON-safe. */
export type ConnectionContext = {
  readonly timings: ConnectionTimings;
  /** Numbers the sockets; 0 before the first. */
  readonly epoch: number;
  /** Failures since the last steady life. */
  readonly attempts: number;
  readonly liveSinceMs: number | undefined;
  readonly staleBy: "ping.timeout" | "channel.silent" | undefined;
  /** Monotonic ms of the connects of the last minute. */
  readonly connectedAtMs: readonly number[];
  /** How long to wait before the next connect. */
  readonly pauseMs: number;
};

type Args = { readonly context: ConnectionContext; readonly event: ConnectionEvent };

const MINUTE_MS = 60_000;

/** A connection that never connected. */
export function openConnection(timings: Partial<ConnectionTimings> = {}): ConnectionContext {
  return {
    timings: { ...CONNECTION_TIMINGS, ...timings },
    epoch: 0,
    attempts: 0,
    liveSinceMs: undefined,
    staleBy: undefined,
    connectedAtMs: [],
    pauseMs: 0,
  };
}

/** What an old socket says never counts for the new one. */
export function isOfThisSocket(context: ConnectionContext, event: ConnectionEvent): boolean {
  return "epoch" in event && event.epoch === context.epoch;
}

export function isAllSubscribed(context: ConnectionContext, event: ConnectionEvent): boolean {
  const isAll = event.type === "subscribed" && event.acknowledged >= event.wanted;
  return isAll && isOfThisSocket(context, event);
}

export function connected({ context, event }: Args): ConnectionContext {
  const recent = context.connectedAtMs.filter((atMs) => event.atMs - atMs < MINUTE_MS);
  return {
    ...context,
    epoch: context.epoch + 1,
    liveSinceMs: undefined,
    staleBy: undefined,
    connectedAtMs: [...recent, event.atMs],
  };
}

export function live({ context, event }: Args): ConnectionContext {
  return { ...context, liveSinceMs: event.atMs, staleBy: undefined };
}

export function stale({ context, event }: Args): ConnectionContext {
  const isPing = event.type === "ping.timeout";
  return { ...context, staleBy: isPing ? "ping.timeout" : "channel.silent" };
}

/** A socket is gone: how long to wait follows from how it lived. */
export function failed({ context, event }: Args): ConnectionContext {
  const { liveSinceMs, timings } = context;
  const isSteady = liveSinceMs !== undefined && event.atMs - liveSinceMs >= timings.steadyMs;
  const attempts = isSteady ? 0 : context.attempts;
  const jitter = "jitter" in event ? event.jitter : 0;
  const backoffMs = Math.min(timings.backoffMaxMs, timings.backoffMinMs * 2 ** attempts);
  return {
    ...context,
    attempts: attempts + 1,
    liveSinceMs: undefined,
    staleBy: undefined,
    // Between half and the whole of it, so that many clients do not come back at once.
    pauseMs: Math.max(backoffMs * (0.5 + jitter / 2), ceilingMs(context, event.atMs)),
  };
}

/** How long until one more connect keeps the ceiling. */
function ceilingMs({ connectedAtMs, timings }: ConnectionContext, atMs: number): number {
  const earliest = connectedAtMs.at(-timings.connectsPerMinuteMax);
  return earliest === undefined ? 0 : Math.max(0, earliest + MINUTE_MS - atMs);
}
