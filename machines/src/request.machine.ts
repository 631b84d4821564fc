import { assign, setup } from "xstate";
import type { RequestEvent } from "./request.events.ts";
import type { RequestFacts } from "./request.facts.ts";
import { remembersLast } from "./memo.ts";
import { learn } from "./request.learn.ts";
import { judge, type RequestState } from "./request.state.ts";

/** One join and one judgement per event, however many branches ask. */
const next = remembersLast((context: RequestFacts, event: RequestEvent) => {
  const facts = learn(context, event);
  return { facts, state: judge(facts).state };
});

type Told = { readonly context: RequestFacts; readonly event: RequestEvent };

/** Whether this news leaves the request in that state. */
function leadsTo(state: RequestState): (told: Told) => boolean {
  return ({ context, event }) => next(context, event).state === state;
}

const types: { context?: RequestFacts; events?: RequestEvent; input?: RequestFacts } = {};

// Each edge asks what the news means; its guard is the verb of the state it leads to.
const signs = { guard: "signs", target: "signing", actions: "learn" } as const;
const flies = { guard: "flies", target: "inFlight", actions: "learn" } as const;
const closes = { guard: "closes", target: "closing", actions: "learn" } as const;
const looks = { guard: "looks", target: "looking", actions: "learn" } as const;
const answers = { guard: "answers", target: "answered", actions: "learn" } as const;
const settles = { guard: "settles", target: "settled", actions: "learn" } as const;
const refuses = { guard: "refuses", target: "refused", actions: "learn" } as const;

/**
 * A place or modify on its way. It is started with fresh facts (`openRequest`) and moves by `RequestEvent`s;
 * what it wants done is `wants(before, event, after)`.
 */
export const requestMachine = setup({
  types,
  guards: {
    queues: leadsTo("queued"),
    signs: leadsTo("signing"),
    flies: leadsTo("inFlight"),
    closes: leadsTo("closing"),
    looks: leadsTo("looking"),
    answers: leadsTo("answered"),
    settles: leadsTo("settled"),
    refuses: leadsTo("refused"),
  },
  actions: { learn: assign(({ context, event }) => next(context, event).facts) },
}).createMachine({
  id: "request",
  context: ({ input }) => input,
  initial: "queued",
  states: {
    queued: {
      on: {
        "slot.granted": [signs],
        "queue.expired": [refuses],
        "command.withdraw": [refuses],
        halted: [refuses],
        "child.withdrawn": [refuses],
        "connection.lost": [refuses],
        "engine.restarted": [refuses],
        "*": { guard: "queues", actions: "learn" },
      },
    },
    signing: {
      on: {
        "request.signed": [flies, refuses],
        "sign.failed": [refuses],
        "command.withdraw": [refuses],
        "child.withdrawn": [refuses],
        halted: [refuses],
        "connection.lost": [refuses],
        "deadline.passed": [refuses],
        "engine.restarted": [refuses],
        "*": { guard: "signs", actions: "learn" },
      },
    },
    inFlight: {
      on: {
        "command.withdraw": [closes, looks],
        halted: [closes, looks],
        "send.failed": [refuses, closes, looks],
        "connection.lost": [closes, looks],
        "deadline.passed": [closes, looks],
        "answer.admitted": [answers, looks],
        "answer.notAdmitted": [refuses, closes, looks],
        "answer.nonceSpent": [looks],
        "answer.expired": [refuses, closes, looks],
        "answer.unknown": [closes, looks],
        "expiry.passed": [looks],
        "expiry.due": [looks],
        "child.landed": [answers],
        "look.found": [answers],
        "engine.restarted": [closes, looks],
        "*": { guard: "flies", actions: "learn" },
      },
    },
    closing: {
      tags: ["doubtful"],
      on: {
        "send.failed": [settles],
        "answer.admitted": [settles, looks],
        "answer.notAdmitted": [settles],
        "answer.nonceSpent": [looks],
        "answer.expired": [settles, looks],
        "noop.answered": [settles, looks],
        "expiry.passed": [looks],
        "expiry.due": [looks],
        "child.landed": [settles, looks],
        "look.found": [settles, looks],
        "*": { guard: "closes", actions: "learn" },
      },
    },
    looking: {
      tags: ["doubtful"],
      on: {
        "send.failed": [settles],
        "answer.admitted": [settles],
        "answer.notAdmitted": [settles],
        "answer.expired": [settles],
        "noop.answered": [settles],
        "child.landed": [settles],
        "look.found": [settles],
        "look.unknownOid": [settles],
        "look.absent": [settles],
        "*": { guard: "looks", actions: "learn" },
      },
    },
    // Not final: a stopped actor would swallow late truth.
    answered: { on: { "*": { guard: "answers", actions: "learn" } } },
    settled: { on: { "*": { guard: "settles", actions: "learn" } } },
    refused: { on: { "*": { guard: "refuses", actions: "learn" } } },
  },
  // What no drawn edge foresees: the state yields to the facts.
  on: {
    "*": [
      { guard: "queues", target: ".queued", actions: "learn" },
      { guard: "signs", target: ".signing", actions: "learn" },
      { guard: "flies", target: ".inFlight", actions: "learn" },
      { guard: "closes", target: ".closing", actions: "learn" },
      { guard: "looks", target: ".looking", actions: "learn" },
      { guard: "answers", target: ".answered", actions: "learn" },
      { guard: "settles", target: ".settled", actions: "learn" },
      { guard: "refuses", target: ".refused", actions: "learn" },
    ],
  },
});
