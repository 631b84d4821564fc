import { compare, isLive, type OrderEvent, type OrderState, type Remark } from "@cloister/model";
import type { OrderFacts } from "./order.facts.ts";
import { findFill } from "./order.fills.ts";
import { findLeg } from "./order.legs.ts";
import { orderMachine } from "./order.machine.ts";
import { missingOfLeg, owedOf } from "./order.quantities.ts";
import { judge, sizedLeg } from "./order.state.ts";
import { isContradicted, isOrderOverfilled } from "./order.views.ts";

const NOTHING: readonly Remark[] = [];

type FillEvent = Extract<OrderEvent, { readonly type: "venue.fill" }>;

/** What is noteworthy about a step: a comparison of before and after, nothing else. `after` is `learn(before, event)`. */
export function remarks(
  before: OrderFacts,
  event: OrderEvent,
  after: OrderFacts,
): readonly Remark[] {
  const aside = remarkAside(before, event, after);
  if (before === after) return aside === undefined ? NOTHING : [aside];
  const found: Remark[] = aside === undefined ? [] : [aside];
  const from = judge(before).state;
  const to = judge(after).state;
  if (event.type === "venue.fill" && isLate(before, from, event)) found.push("late");
  if (isOrderOverfilled(after) && (event.type === "venue.fill" || !isOrderOverfilled(before))) {
    found.push("overfill");
  }
  if (isContradictedBy({ before, event, after, from, to })) found.push("contradicted");
  if (!isLive(from) && isLive(to)) found.push("revived");
  return found.length === 0 ? NOTHING : found;
}

/** Remarks on the news itself, whatever it changes. */
function remarkAside(before: OrderFacts, event: OrderEvent, after: OrderFacts): Remark | undefined {
  switch (event.type) {
    case "venue.unknownWord":
      return "needsQuery";
    case "venue.fill":
      return before === after && isOtherPrice(before, event) ? "otherPrice" : undefined;
    case "local.withdrawn":
    case "local.refused":
      return before.verdicts.sentAt !== undefined || before.legs.length > 0
        ? "impossible"
        : undefined;
    case "order.reap":
      return before === after && !before.verdicts.reaped ? "impossible" : undefined;
    default:
      return undefined;
  }
}

function isOtherPrice(facts: OrderFacts, { key, fill }: FillEvent): boolean {
  const known = findFill(facts.fills, key);
  return known !== undefined && (known.price !== fill.price || known.size !== fill.size);
}

/**
 * Late: the order had ended, and nobody waited for this fill. A fill that a stated total owes is awaited;
 * where nothing was stated, so is one from before the ending until the ledger is decided.
 */
function isLate(before: OrderFacts, from: OrderState, { oid, fill }: FillEvent): boolean {
  if (isLive(from)) return false;
  const leg = findLeg(before.legs, oid);
  if (leg?.real !== true) return true;
  const sized = sizedLeg(before, leg);
  if (owedOf(sized) !== undefined) return compare(missingOfLeg(sized), fill.size) < 0;
  return leg.ending === undefined || leg.ledger !== "open" || fill.at > leg.ending.at;
}

type Step = {
  readonly before: OrderFacts;
  readonly event: OrderEvent;
  readonly after: OrderFacts;
  readonly from: OrderState;
  readonly to: OrderState;
};

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
