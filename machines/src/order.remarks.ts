import { compare, isLive, type OrderEvent, type OrderState, type Remark } from "@cloister/model";
import type { OrderFacts } from "./order.facts.ts";
import { findFill } from "./order.fills.ts";
import { findLeg, isGivenUp, isSearched } from "./order.legs.ts";
import { orderMachine } from "./order.machine.ts";
import { missingOfLeg, owedOf } from "./order.quantities.ts";
import { judge, sizedLeg } from "./order.state.ts";
import { isContradicted, isOrderOverfilled } from "./order.views.ts";

const NOTHING: readonly Remark[] = [];

type FillEvent = Extract<OrderEvent, { readonly type: "venue.fill" }>;

/**
 * What is noteworthy about a step: a comparison of before and after, nothing else. `after` is what `learn`
 * made of both, or the context of an actor, which is a copy of it.
 */
export function remarks(
  before: OrderFacts,
  event: OrderEvent,
  after: OrderFacts,
): readonly Remark[] {
  const aside = remarkAside(before, event, after);
  const found: Remark[] = aside === undefined ? [] : [aside];
  if (!isSame(before, after)) {
    const step = { before, event, after, from: judge(before).state, to: judge(after).state };
    if (isLate(step)) found.push("late");
    if (isOverfill(step)) found.push("overfill");
    if (isContradictedBy(step)) found.push("contradicted");
    if (!isLive(step.from) && isLive(step.to)) found.push("revived");
  }
  return found.length === 0 ? NOTHING : found;
}

/** Whether nothing was learned. An actor copies its context, so the parts are compared. */
function isSame(before: OrderFacts, after: OrderFacts): boolean {
  return (
    before.legs === after.legs && before.fills === after.fills && before.verdicts === after.verdicts
  );
}

type Step = {
  readonly before: OrderFacts;
  readonly event: OrderEvent;
  readonly after: OrderFacts;
  readonly from: OrderState;
  readonly to: OrderState;
};

/** Remarks on the news itself, whatever it changes. */
function remarkAside(before: OrderFacts, event: OrderEvent, after: OrderFacts): Remark | undefined {
  const { type } = event;
  if (type === "venue.fill") {
    return isOtherPrice(before, event) ? "otherPrice" : undefined;
  }
  if (type === "venue.unknownWord") return "needsQuery";
  if (type === "local.withdrawn" || type === "local.refused") {
    const known = before.verdicts.sentAt !== undefined || before.legs.length > 0;
    return known ? "impossible" : undefined;
  }
  return type === "order.reap" && !after.verdicts.reaped ? "impossible" : undefined;
}

function isOtherPrice(facts: OrderFacts, { key, fill }: FillEvent): boolean {
  const known = findFill(facts.fills, key);
  return known !== undefined && (known.price !== fill.price || known.size !== fill.size);
}

/**
 * Late: the order had ended, and nobody waited for this fill. A fill that a stated total owes is awaited;
 * where nothing was stated, so is one from before the ending until the ledger is decided.
 */
function isLate({ before, event, from }: Step): boolean {
  if (event.type !== "venue.fill" || isLive(from)) return false;
  const leg = findLeg(before.legs, event.oid);
  if (leg?.real !== true) return true;
  const sized = sizedLeg(before, leg);
  if (owedOf(sized) !== undefined) return compare(missingOfLeg(sized), event.fill.size) < 0;
  const decided = leg.ending === undefined || isSearched(leg) || isGivenUp(leg);
  return decided || event.fill.at > leg.ending.at;
}

/** Each fill while more was filled than the size, and the news of a size that is already exceeded. */
function isOverfill({ before, event, after }: Step): boolean {
  if (!isOrderOverfilled(after)) return false;
  return event.type === "venue.fill" || !isOrderOverfilled(before);
}

/** An end that becomes another end or a rejection that was none, a move no edge foresaw, or evidence on both sides. */
function isContradictedBy({ before, event, after, from, to }: Step): boolean {
  if (isContradicted(after) && !isContradicted(before)) return true;
  if (from === to || isForeseen(from, event, to)) return false;
  return from === "rejected" || isLive(from) || !isLive(to);
}

/** Whether the drawing has an edge for this move. */
function isForeseen(from: OrderState, event: OrderEvent, to: OrderState): boolean {
  const edges = orderMachine.states[from]?.transitions.get(event.type) ?? [];
  return edges.some((edge) => edge.target?.some((state) => state.key === to) === true);
}
