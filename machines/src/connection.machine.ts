import { assign, setup } from "xstate";
import {
  type ConnectionContext,
  type ConnectionEvent,
  connected,
  failed,
  isAllSubscribed,
  isOfThisSocket,
  live,
  stale,
} from "./connection.facts.ts";

const types: { context?: ConnectionContext; events?: ConnectionEvent; input?: ConnectionContext } =
  {};

const fails = { guard: "isOfThisSocket", target: "waiting", actions: "countFailure" } as const;
const stops = { target: "stopped" } as const;
const revives = { guard: "healsByTalking", target: "live", actions: "noteLive" } as const;

/**
 * One socket after another. The runner owns sockets and timers: it sends what happened, with the epoch of the
 * socket it happened on, and performs `connectionWants`. Send `frame` only while stale: elsewhere it changes nothing.
 */
export const connectionMachine = setup({
  types,
  guards: {
    isOfThisSocket: ({ context, event }) => isOfThisSocket(context, event),
    isAllSubscribed: ({ context, event }) => isAllSubscribed(context, event),
    /** A socket that was only slow to answer is well when it talks. A silent channel is not. */
    healsByTalking: ({ context, event }) =>
      isOfThisSocket(context, event) && context.staleBy === "ping.timeout",
  },
  actions: {
    countConnect: assign(connected),
    countFailure: assign(failed),
    noteLive: assign(live),
    noteStale: assign(stale),
  },
}).createMachine({
  id: "connection",
  context: ({ input }) => input,
  initial: "waiting",
  states: {
    waiting: {
      on: { "backoff.passed": { target: "connecting", actions: "countConnect" }, stop: stops },
    },
    connecting: {
      on: {
        open: { guard: "isOfThisSocket", target: "subscribing" },
        "subscribe.timeout": fails,
        closed: fails,
        error: fails,
        stop: stops,
      },
    },
    subscribing: {
      on: {
        subscribed: { guard: "isAllSubscribed", target: "live", actions: "noteLive" },
        "subscribe.timeout": fails,
        closed: fails,
        error: fails,
        stop: stops,
      },
    },
    live: {
      on: {
        "ping.timeout": { guard: "isOfThisSocket", target: "stale", actions: "noteStale" },
        "channel.silent": { guard: "isOfThisSocket", target: "stale", actions: "noteStale" },
        closed: fails,
        error: fails,
        stop: stops,
      },
    },
    stale: {
      on: {
        frame: revives,
        pong: revives,
        "ping.timeout": fails,
        closed: fails,
        error: fails,
        stop: stops,
      },
    },
    // Not final: frames of old sockets may still come, and say so.
    stopped: {},
  },
});
