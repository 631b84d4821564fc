import { add, type Decimal, multiply, type OrderEvent, type Oid, ZERO } from "@cloister/model";
import type { FeeSum, Folded, OrderFacts } from "./order.facts.ts";
import { addFill, findFill } from "./order.fills.ts";
import {
  booked,
  decided,
  ended,
  findLeg,
  type Leg,
  LEGS_MAX,
  putLeg,
  seen,
  shown,
  unseenLeg,
} from "./order.legs.ts";
import { missingOfLeg, ledgerOfLeg, rest } from "./order.quantities.ts";
import { mayReap, sizedLeg } from "./order.state.ts";
import { joinVerdict, type Verdicts } from "./order.verdicts.ts";

type EventOf<Type extends OrderEvent["type"]> = Extract<OrderEvent, { readonly type: Type }>;

/**
 * Joins one piece of evidence. Neither arrival order nor repetition matters (`order.reap` excepted, which is
 * no evidence). Returns the same object when the event says nothing new.
 */
export function learn(facts: OrderFacts, event: OrderEvent): OrderFacts {
  switch (event.type) {
    case "venue.fill":
      return withFill(facts, event);
    case "venue.accepted":
    case "venue.triggered":
    case "venue.filled":
    case "venue.canceled":
    case "venue.rejected":
    case "venue.size":
    case "ledger.complete":
    case "ledger.incomplete":
      return withNewsOfLeg(facts, event);
    case "modify.closed":
      return withModifyClosed(facts, event);
    case "order.reap":
      return mayReap(facts) && !facts.verdicts.reaped
        ? withVerdicts(facts, { ...facts.verdicts, reaped: true })
        : facts;
    case "venue.unknownWord":
      return facts;
    case "request.sent":
    case "modify.opened":
    case "local.withdrawn":
    case "local.refused":
    case "venue.waiting":
    case "venue.refused":
    case "proof.neverLanded":
    case "proof.absent":
      return withVerdicts(facts, joinVerdict(facts.verdicts, event));
  }
}

type LegNews = EventOf<
  | "venue.accepted"
  | "venue.triggered"
  | "venue.filled"
  | "venue.canceled"
  | "venue.rejected"
  | "venue.size"
  | "ledger.complete"
  | "ledger.incomplete"
>;

function withNewsOfLeg(facts: OrderFacts, news: LegNews): OrderFacts {
  const known = findLeg(facts.legs, news.oid);
  if (known === undefined && isFolded(facts, news.oid)) return facts;
  const next = legAfter(known ?? unseenLeg(news.oid), news);
  return next === known ? facts : withLeg(facts, next);
}

function legAfter(leg: Leg, news: LegNews): Leg {
  switch (news.type) {
    case "venue.accepted":
      return seen(leg, { at: news.at, triggered: false, size: news.size, price: news.price });
    case "venue.triggered":
      return seen(leg, { at: news.at, triggered: true });
    case "venue.filled":
      return ended(leg, {
        word: "filled",
        at: news.at,
        total: news.total,
        size: news.size,
        price: news.price,
      });
    case "venue.canceled": {
      // Records of reads are frozen: only the stream says what was left (protocol §8.4).
      const left = news.source === "orderUpdates" ? news.remaining : undefined;
      return ended(leg, {
        word: "canceled",
        cause: news.cause,
        at: news.at,
        left,
        size: news.size,
        price: news.price,
      });
    }
    case "venue.rejected":
      return ended(leg, { word: "rejected", cause: news.cause, at: news.at, size: news.size });
    case "venue.size":
      return shown(leg, { size: news.size, begunAt: news.readBegunAt });
    case "ledger.complete":
      return decided(leg, "complete");
    case "ledger.incomplete":
      return decided(leg, "incomplete");
  }
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
  return { ...facts, verdicts };
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
    ledger: ledgerOfLeg(sized) === "complete" ? ledger : "incomplete",
  };
}

/** A fill of a folded leg pays off what was missing there. */
function foldedAfterFill(folded: Folded | undefined, size: Decimal): Folded | undefined {
  return folded === undefined ? folded : { ...folded, missing: rest(folded.missing, size) };
}
