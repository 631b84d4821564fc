import { assign, setup } from "xstate";
import type { CancelEvent } from "./cancel.events.ts";
import type { CancelFacts } from "./cancel.facts.ts";
import { remembersLast } from "./memo.ts";
import { learn } from "./cancel.learn.ts";
import { type CancelState, judge } from "./cancel.state.ts";

/** One join and one judgement per event, however many branches ask. */
const next = remembersLast((context: CancelFacts, event: CancelEvent) => {
  const facts = learn(context, event);
  return { facts, state: judge(facts) };
});

type Told = { readonly context: CancelFacts; readonly event: CancelEvent };

/** Whether this news leaves the cancel in that state. */
function leadsTo(state: CancelState): (told: Told) => boolean {
  return ({ context, event }) => next(context, event).state === state;
}

const types: { context?: CancelFacts; events?: CancelEvent; input?: CancelFacts } = {};

const signs = { guard: "signs", target: "signing", actions: "learn" } as const;
const flies = { guard: "flies", target: "inFlight", actions: "learn" } as const;
const looks = { guard: "looks", target: "looking", actions: "learn" } as const;
const settles = { guard: "settles", target: "settled", actions: "learn" } as const;
const refuses = { guard: "refuses", target: "refused", actions: "learn" } as const;

/**
 * A cancel on its way: sent again, with fresh nonces, until its targets have ended. It is started with fresh facts
 * (`openCancel`); what it wants done is `wants(before, event, after)`.
 */
export const cancelMachine = setup({
  types,
  guards: {
    queues: leadsTo("queued"),
    signs: leadsTo("signing"),
    flies: leadsTo("inFlight"),
    looks: leadsTo("looking"),
    settles: leadsTo("settled"),
    refuses: leadsTo("refused"),
  },
  actions: { learn: assign(({ context, event }) => next(context, event).facts) },
}).createMachine({
  id: "cancel",
  context: ({ input }) => input,
  initial: "queued",
  states: {
    queued: {
      on: {
        "slot.granted": [signs, looks],
        "target.ended": [settles],
        "engine.restarted": [signs, looks],
        "engine.stopped": [refuses],
        "*": { guard: "queues", actions: "learn" },
      },
    },
    signing: {
      on: {
        "target.ended": [settles],
        "request.signed": [flies],
        "sign.failed": [looks],
        "engine.restarted": [looks],
        "engine.stopped": [refuses],
        "*": { guard: "signs", actions: "learn" },
      },
    },
    inFlight: {
      on: {
        "target.ended": [settles],
        "sign.failed": [looks],
        "copy.answered": [looks],
        "send.failed": [looks],
        "deadline.passed": [looks],
        "connection.lost": [looks],
        "engine.restarted": [looks],
        "engine.stopped": [looks],
        "*": { guard: "flies", actions: "learn" },
      },
    },
    looking: {
      tags: ["doubtful"],
      on: {
        "target.ended": [settles],
        "deadline.retry": [signs],
        "*": { guard: "looks", actions: "learn" },
      },
    },
    // Not final: a stopped actor would swallow late truth.
    settled: { on: { "*": { guard: "settles", actions: "learn" } } },
    refused: { on: { "*": { guard: "refuses", actions: "learn" } } },
  },
  // What no drawn edge foresees: the state yields to the facts.
  on: {
    "*": [
      { guard: "queues", target: ".queued", actions: "learn" },
      { guard: "signs", target: ".signing", actions: "learn" },
      { guard: "flies", target: ".inFlight", actions: "learn" },
      { guard: "looks", target: ".looking", actions: "learn" },
      { guard: "settles", target: ".settled", actions: "learn" },
      { guard: "refuses", target: ".refused", actions: "learn" },
    ],
  },
});
