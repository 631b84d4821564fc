import { parseCloid } from "@cloister/model";
import { assign, setup } from "xstate";
import type { CancelEvent } from "./cancel.events.ts";
import { type CancelFacts, openCancel } from "./cancel.facts.ts";
import { learn } from "./cancel.learn.ts";
import { type CancelState, judge } from "./cancel.state.ts";

type Args = { readonly context: CancelFacts; readonly event: CancelEvent };

let asked: { readonly args: Args; readonly facts: CancelFacts } | undefined;

/** The facts after the event: joined once, however many guards and actions of the event ask. */
function next({ context, event }: Args): CancelFacts {
  if (asked?.args.context === context && asked.args.event === event) return asked.facts;
  const facts = learn(context, event);
  asked = { args: { context, event }, facts };
  return facts;
}

function leadsTo(state: CancelState): (args: Args) => boolean {
  return (args) => judge(next(args)) === state;
}

/** A cancel of one order, as the visualizer shows it. */
export function sampleCancel(): CancelFacts {
  return openCancel({ id: 2, cloids: [parseCloid("0x000000000000000000000000000000a1")] });
}

const types: { context: CancelFacts; events: CancelEvent; input: CancelFacts } = {
  context: sampleCancel(),
  events: { type: "engine.stopped", atMs: 0 },
  input: sampleCancel(),
};

const signs = { guard: "signs", target: "signing", actions: "learn" } as const;
const flies = { guard: "flies", target: "inFlight", actions: "learn" } as const;
const looks = { guard: "looks", target: "looking", actions: "learn" } as const;
const settles = { guard: "settles", target: "settled", actions: "learn" } as const;
const refuses = { guard: "refuses", target: "refused", actions: "learn" } as const;
const queues = { guard: "queues", target: "queued", actions: "learn" } as const;

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
  actions: { learn: assign(next) },
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
  on: { "*": [queues, signs, flies, looks, settles, refuses] },
});
