import type { OrderEvent } from "@cloister/model";
import type { RequestEventOf, Verdict } from "./request.events.ts";
import type { RequestChild, RequestFacts } from "./request.facts.ts";
import { isLanded } from "./request.state.ts";

/** What a request tells one of its orders. */
export type Tell = { readonly type: "tell"; readonly child: number; readonly event: OrderEvent };

/** Before the first byte leaves: the order must know that something may land. */
export function tellSent(facts: RequestFacts): readonly Tell[] {
  const at = facts.signedVenueTime ?? 0;
  const event: OrderEvent =
    facts.kind === "place" ? { type: "request.sent", at } : { type: "modify.opened", id: facts.id };
  return facts.children.map((_, child) => ({ type: "tell", child, event }));
}

/** The verdicts of an admitted answer, as the orders understand them. A modify speaks by its end alone. */
export function tellAnswer(
  facts: RequestFacts,
  event: RequestEventOf<"answer.admitted">,
): readonly Tell[] {
  if (facts.kind === "modify") return [];
  return event.verdicts.flatMap((verdict, child) =>
    verdict === null || facts.children[child] === undefined
      ? []
      : [{ type: "tell", child, event: tidingsOf(verdict) }],
  );
}

/** What the end means for each child. */
export function tellEnd(facts: RequestFacts): readonly Tell[] {
  return facts.children.flatMap((child, index) =>
    (facts.kind === "modify" ? closings(facts, child) : lastWords(facts, child)).map((event) => ({
      type: "tell",
      child: index,
      event,
    })),
  );
}

function tidingsOf(verdict: Verdict): OrderEvent {
  const source = "answer";
  switch (verdict.kind) {
    case "accepted":
      return { type: "venue.accepted", oid: verdict.oid, at: verdict.at, source };
    case "filled":
      return filledOf(verdict);
    case "waiting":
      return { type: "venue.waiting", waitsFor: verdict.waitsFor };
    case "refused":
      return { type: "venue.refused", cause: verdict.cause, text: verdict.text };
    case "neverLanded":
      return neverLandedOf(verdict);
  }
}

function lastWords(facts: RequestFacts, { verdict }: RequestChild): readonly OrderEvent[] {
  if (facts.neverSent !== undefined) return [localOf(facts.neverSent)];
  return verdict?.kind === "neverLanded" ? [neverLandedOf(verdict)] : [];
}

function localOf({ how, cause, text }: NonNullable<RequestFacts["neverSent"]>): OrderEvent {
  if (how === "withdrawn") return { type: "local.withdrawn", cause };
  return { type: "local.refused", cause, ...(text === undefined ? {} : { text }) };
}

/** A modify always ends in `modify.closed`, never-sent included. */
function closings(facts: RequestFacts, child: RequestChild): readonly OrderEvent[] {
  const { verdict, oid: replaces, size } = child;
  const { id } = facts;
  if (verdict === undefined || !isLanded(child) || !("oid" in verdict) || size === undefined) {
    return [{ type: "modify.closed", id }];
  }
  const { oid, at } = verdict;
  const landed = { oid, size, at, ...(replaces === undefined ? {} : { replaces }) };
  const closed: OrderEvent = { type: "modify.closed", id, landed };
  return verdict.kind === "filled" ? [closed, filledOf(verdict)] : [closed];
}

function filledOf(verdict: Verdict & { readonly kind: "filled" }): OrderEvent {
  const { oid, at, total, averagePrice } = verdict;
  const event: OrderEvent = { type: "venue.filled", oid, at, source: "answer", total };
  return averagePrice === undefined ? event : { ...event, averagePrice };
}

function neverLandedOf(verdict: Verdict & { readonly kind: "neverLanded" }): OrderEvent {
  const { by, cause, text } = verdict;
  return {
    type: "proof.neverLanded",
    by,
    ...(cause === undefined ? {} : { cause }),
    ...(text === undefined ? {} : { text }),
  };
}
