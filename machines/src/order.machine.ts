import type { OrderEvent, OrderState } from "@cloister/model";
import { type ActorRefFrom, assign, setup } from "xstate";
import { type NewOrder, newOrder, type OrderFacts } from "./order.facts.ts";
import { remembersLast } from "./memo.ts";
import { learn } from "./order.learn.ts";
import { judge } from "./order.state.ts";

/** One join and one judgement per event, however many branches ask. */
const next = remembersLast((context: OrderFacts, event: OrderEvent) => {
  const facts = learn(context, event);
  return { facts, state: judge(facts).state };
});

/** Whether this news changes nothing. The join is kept for the actor: asking first costs it nothing. */
export function isNoNews(facts: OrderFacts, event: OrderEvent): boolean {
  return next(facts, event).facts === facts;
}

type Told = { readonly context: OrderFacts; readonly event: OrderEvent };

/** Whether this news leaves the order in that state. */
function leadsTo(state: OrderState): (told: Told) => boolean {
  return ({ context, event }) => next(context, event).state === state;
}

const types: { context?: OrderFacts; events?: OrderEvent; input?: NewOrder } = {};

const { createMachine } = setup({
  types,
  guards: {
    waits: leadsTo("pending"),
    sleeps: leadsTo("untriggered"),
    rests: leadsTo("resting"),
    fillsPart: leadsTo("partiallyFilled"),
    fills: leadsTo("filled"),
    ends: leadsTo("canceled"),
    refuses: leadsTo("rejected"),
    reaps: leadsTo("reaped"),
  },
  actions: {
    learn: assign(({ context, event }) => next(context, event).facts),
  },
});

const sleeps = { guard: "sleeps", target: "untriggered", actions: "learn" } as const;
const rests = { guard: "rests", target: "resting", actions: "learn" } as const;
const fillsPart = { guard: "fillsPart", target: "partiallyFilled", actions: "learn" } as const;
const fills = { guard: "fills", target: "filled", actions: "learn" } as const;
const ends = { guard: "ends", target: "canceled", actions: "learn" } as const;
const refuses = { guard: "refuses", target: "rejected", actions: "learn" } as const;
const reaps = { guard: "reaps", target: "reaped", actions: "learn" } as const;

/**
 * The life of an order. Facts decide (`learn`, `judge`); the drawing says which moves are foreseen.
 * `"*"` of a state: news that changes nothing. `"*"` of the root: the state yields to the facts, and
 * `remarks` alarms it. No state is final: what comes late is still heard.
 */
export const orderMachine = createMachine({
  id: "order",
  context: ({ input }) => newOrder(input),
  initial: "pending",
  states: {
    pending: {
      on: {
        "local.withdrawn": [ends],
        "local.refused": [refuses],
        "venue.accepted": [rests, sleeps],
        "venue.waiting": [sleeps],
        "venue.triggered": [rests],
        "venue.fill": [fillsPart, fills],
        "venue.filled": [fills, ends, rests],
        "venue.canceled": [ends],
        "venue.rejected": [refuses, ends],
        "venue.refused": [refuses, ends],
        "proof.neverLanded": [refuses],
        "proof.absent": [refuses, ends],
        "ledger.complete": [ends],
        "ledger.incomplete": [ends],
        "*": { guard: "waits", actions: "learn" },
      },
    },
    untriggered: {
      on: {
        "venue.triggered": [rests],
        "venue.fill": [fillsPart, fills],
        "venue.filled": [fills, rests, ends],
        "venue.canceled": [ends],
        "venue.rejected": [ends],
        "venue.refused": [ends],
        "proof.neverLanded": [refuses],
        "proof.absent": [ends],
        "*": { guard: "sleeps", actions: "learn" },
      },
    },
    resting: {
      on: {
        "venue.fill": [fillsPart, fills, ends],
        "venue.filled": [fills, ends],
        "venue.canceled": [ends, fills],
        "venue.rejected": [ends, fills],
        "proof.absent": [ends, fills],
        "modify.closed": [ends, fills],
        "ledger.complete": [ends],
        "ledger.incomplete": [ends],
        "*": { guard: "rests", actions: "learn" },
      },
    },
    partiallyFilled: {
      on: {
        "venue.accepted": [fills, ends],
        "venue.fill": [fills, ends],
        "venue.filled": [fills, ends],
        "venue.canceled": [ends, fills],
        "venue.rejected": [ends, fills],
        "proof.absent": [ends, fills],
        "modify.closed": [ends, fills],
        "ledger.complete": [ends],
        "ledger.incomplete": [ends],
        "*": { guard: "fillsPart", actions: "learn" },
      },
    },
    filled: { on: { "order.reap": [reaps], "*": { guard: "fills", actions: "learn" } } },
    canceled: { on: { "order.reap": [reaps], "*": { guard: "ends", actions: "learn" } } },
    rejected: { on: { "order.reap": [reaps], "*": { guard: "refuses", actions: "learn" } } },
    reaped: { on: { "*": { guard: "reaps", actions: "learn" } } },
  },
  on: {
    "*": [
      { guard: "waits", target: ".pending", actions: "learn" },
      { guard: "sleeps", target: ".untriggered", actions: "learn" },
      { guard: "rests", target: ".resting", actions: "learn" },
      { guard: "fillsPart", target: ".partiallyFilled", actions: "learn" },
      { guard: "fills", target: ".filled", actions: "learn" },
      { guard: "ends", target: ".canceled", actions: "learn" },
      { guard: "refuses", target: ".rejected", actions: "learn" },
      { guard: "reaps", target: ".reaped", actions: "learn" },
    ],
  },
});

export type OrderMachine = typeof orderMachine;
export type OrderActor = ActorRefFrom<OrderMachine>;
