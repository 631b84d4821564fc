import {
  add,
  type Decimal,
  multiply,
  type Oid,
  type OrderEvent,
  type OrderEventType,
  ZERO,
} from "@cloister/model";
import type { EventOf, Joins, OneOf } from "./order.events.ts";
import type { FeeSum, Folded, OrderFacts } from "./order.facts.ts";
import { addFill, findFill } from "./order.fills.ts";
import {
  booked,
  ended,
  findLeg,
  givenUp,
  type Leg,
  LEGS_MAX,
  putLeg,
  searched,
  seen,
  shown,
  unseenLeg,
} from "./order.legs.ts";
import { ledgerOfLeg, missingOfLeg, rest, unheardOf } from "./order.quantities.ts";
import { mayReap, sizedLeg } from "./order.state.ts";
import { joinVerdict, type Verdicts, type VerdictType } from "./order.verdicts.ts";

/** News of one leg, and how the leg takes it. */
const OF_LEG: Joins<LegNews, Leg> = {
  "venue.accepted": (leg, { at, size, price }) => seen(leg, { at, triggered: false, size, price }),
  "venue.triggered": (leg, { at }) => seen(leg, { at, triggered: true }),
  "venue.filled": (leg, { at, total, size, price }) =>
    ended(leg, { word: "filled", at, total, size, price }),
  "venue.canceled": (leg, { at, cause, source, remaining, size, price }) => {
    // Records of reads are frozen: only the stream says what was left (protocol §8.4).
    const left = source === "orderUpdates" ? remaining : undefined;
    return ended(leg, { word: "canceled", cause, at, left, size, price });
  },
  "venue.rejected": (leg, { at, cause, size }) => ended(leg, { word: "rejected", cause, at, size }),
  "venue.size": (leg, { size, readBegunAt }) => shown(leg, { size, begunAt: readBegunAt }),
  "ledger.complete": searched,
  "ledger.incomplete": givenUp,
};

type LegNews =
  | "venue.accepted"
  | "venue.triggered"
  | "venue.filled"
  | "venue.canceled"
  | "venue.rejected"
  | "venue.size"
  | "ledger.complete"
  | "ledger.incomplete";

const JOINS: Joins<OrderEventType, OrderFacts> = {
  "venue.fill": withFill,
  "venue.accepted": withNewsOfLeg,
  "venue.triggered": withNewsOfLeg,
  "venue.filled": withNewsOfLeg,
  "venue.canceled": withNewsOfLeg,
  "venue.rejected": withNewsOfLeg,
  "venue.size": withNewsOfLeg,
  "ledger.complete": withNewsOfLeg,
  "ledger.incomplete": withNewsOfLeg,
  "modify.closed": withModifyClosed,
  "request.sent": withVerdict,
  "modify.opened": withVerdict,
  "local.withdrawn": withVerdict,
  "local.refused": withVerdict,
  "venue.waiting": withVerdict,
  "venue.refused": withVerdict,
  "proof.neverLanded": withVerdict,
  "proof.absent": withVerdict,
  // Kept by the journal and asked about: an unknown word says nothing yet.
  "venue.unknownWord": (facts) => facts,
  "order.reap": (facts) =>
    mayReap(facts) && !facts.verdicts.reaped
      ? withVerdicts(facts, { ...facts.verdicts, reaped: true })
      : facts,
};

/**
 * Joins one piece of evidence. Neither arrival order nor repetition matters (`order.reap` excepted, which is
 * no evidence). Returns the same object when the event says nothing new.
 */
export function learn(facts: OrderFacts, event: OrderEvent): OrderFacts {
  return join(facts, event);
}

function join<Type extends OrderEventType>(facts: OrderFacts, event: OneOf<Type>): OrderFacts {
  return JOINS[event.type](facts, event);
}

function withNewsOfLeg<Type extends LegNews>(facts: OrderFacts, news: OneOf<Type>): OrderFacts {
  const known = findLeg(facts.legs, news.oid);
  if (known === undefined && isFolded(facts, news.oid)) return facts;
  const next = OF_LEG[news.type](known ?? unseenLeg(news.oid), news);
  return next === known ? facts : withLeg(facts, next);
}

function withVerdict<Type extends VerdictType>(facts: OrderFacts, event: OneOf<Type>): OrderFacts {
  return withVerdicts(facts, joinVerdict(facts.verdicts, event));
}

function withModifyClosed(facts: OrderFacts, event: EventOf<"modify.closed">): OrderFacts {
  const { id, landed } = event;
  const verdicts = facts.verdicts;
  const closed =
    id > verdicts.modifyClosed ? withVerdicts(facts, { ...verdicts, modifyClosed: id }) : facts;
  if (landed === undefined) return closed;
  const { oid, size, replaces, at } = landed;
  const accepted = withLegAfter(closed, oid, (leg) =>
    seen(leg, { at, triggered: false, asked: size }),
  );
  if (replaces === undefined) return accepted;
  return withLegAfter(accepted, replaces, (leg) =>
    ended(leg, { word: "canceled", cause: "replaced", at }),
  );
}

function withLegAfter(facts: OrderFacts, oid: Oid, change: (leg: Leg) => Leg): OrderFacts {
  const known = findLeg(facts.legs, oid);
  if (known === undefined && isFolded(facts, oid)) return facts;
  const next = change(known ?? unseenLeg(oid));
  return next === known ? facts : withLeg(facts, next);
}

function isFolded(facts: OrderFacts, oid: Oid): boolean {
  return facts.folded !== undefined && oid <= facts.folded.upTo;
}

function withFill(facts: OrderFacts, event: EventOf<"venue.fill">): OrderFacts {
  const { key, oid, fill } = event;
  if (findFill(facts.fills, key) !== undefined) return facts;
  const known = findLeg(facts.legs, oid);
  const late = known === undefined && isFolded(facts, oid);
  const legs = late ? facts.legs : putLeg(facts.legs, booked(known ?? unseenLeg(oid), fill));
  return folding({
    cloid: facts.cloid,
    tag: facts.tag,
    terms: facts.terms,
    verdicts: facts.verdicts,
    legs,
    folded: late ? foldedAfterFill(facts.folded, fill.size) : facts.folded,
    fills: addFill(facts.fills, { key, price: fill.price, size: fill.size }),
    filled: add(facts.filled, fill.size),
    notional: add(facts.notional, multiply(fill.price, fill.size)),
    fees: withFee(facts.fees, fill.feeToken, fill.fee),
  });
}

function withFee(fees: readonly FeeSum[], token: string, fee: Decimal): readonly FeeSum[] {
  const only = fees[0];
  if (only === undefined) return [{ token, sum: fee }];
  if (fees.length === 1 && only.token === token) return [{ token, sum: add(only.sum, fee) }];
  const others = fees.filter((known) => known.token !== token);
  const known = fees.find((other) => other.token === token);
  return [...others, { token, sum: known === undefined ? fee : add(known.sum, fee) }];
}

function withLeg(facts: OrderFacts, leg: Leg): OrderFacts {
  return folding({
    cloid: facts.cloid,
    tag: facts.tag,
    terms: facts.terms,
    verdicts: facts.verdicts,
    legs: putLeg(facts.legs, leg),
    folded: facts.folded,
    fills: facts.fills,
    filled: facts.filled,
    notional: facts.notional,
    fees: facts.fees,
  });
}

function withVerdicts(facts: OrderFacts, verdicts: Verdicts): OrderFacts {
  if (verdicts === facts.verdicts) return facts;
  return {
    cloid: facts.cloid,
    tag: facts.tag,
    terms: facts.terms,
    verdicts,
    legs: facts.legs,
    folded: facts.folded,
    fills: facts.fills,
    filled: facts.filled,
    notional: facts.notional,
    fees: facts.fees,
  };
}

/** Keeps the legs bounded: beyond the limit the oldest ended one becomes part of one sum. */
function folding(facts: OrderFacts): OrderFacts {
  if (facts.legs.length <= LEGS_MAX) return facts;
  const newest = facts.legs.findLast((leg) => leg.real);
  const oldest = facts.legs.find((leg) => leg.ending !== undefined && leg !== newest);
  if (oldest === undefined) return facts;
  return {
    ...facts,
    legs: facts.legs.filter((leg) => leg !== oldest),
    folded: oldest.real ? foldedWith(facts, oldest) : facts.folded,
  };
}

function foldedWith(facts: OrderFacts, leg: Leg): Folded {
  const { folded } = facts;
  const sized = sizedLeg(facts, leg);
  const ledger = folded?.ledger === "incomplete" ? "incomplete" : "complete";
  return {
    firstOid: folded?.firstOid ?? leg.oid,
    upTo: folded !== undefined && folded.upTo > leg.oid ? folded.upTo : leg.oid,
    missing: add(folded?.missing ?? ZERO, missingOfLeg(sized)),
    unheard: add(folded?.unheard ?? ZERO, unheardOf(sized)),
    ledger: ledgerOfLeg(sized) === "complete" ? ledger : "incomplete",
  };
}

/** A fill of a folded leg pays off what was missing there. */
function foldedAfterFill(folded: Folded | undefined, size: Decimal): Folded | undefined {
  if (folded === undefined) return folded;
  return { ...folded, missing: rest(folded.missing, size), unheard: rest(folded.unheard, size) };
}
