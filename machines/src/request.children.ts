import type { Oid } from "@cloister/model";
import type { RequestEvent, RequestEventOf, Verdict } from "./request.events.ts";
import {
  type Looks,
  type RequestChild,
  type RequestFacts,
  renew,
  type Span,
} from "./request.facts.ts";
import { isLanded, isOurs } from "./request.state.ts";

type Look = RequestEventOf<"look.found" | "look.unknownOid" | "look.absent">;

/** Of two verdicts on one child the more positive stands, whichever came first. */
const RANK: Record<Verdict["kind"], number> = {
  neverLanded: 0,
  refused: 1,
  waiting: 2,
  accepted: 3,
  filled: 4,
};

export function isLook(event: RequestEvent): event is Look {
  const { type } = event;
  return type === "look.found" || type === "look.unknownOid" || type === "look.absent";
}

/** Joins the verdicts of an admitted answer; null means that a child could not be mapped. */
export function learnVerdicts(
  facts: RequestFacts,
  verdicts: readonly (Verdict | null)[],
): RequestFacts {
  let known = facts;
  for (const [index, verdict] of verdicts.entries()) {
    if (verdict !== null) known = learnVerdict(known, index, verdict);
  }
  return known;
}

/** A stream shows the child alive, or filled, at the venue. */
export function landChild(
  facts: RequestFacts,
  index: number,
  seen: { readonly oid: Oid; readonly at: number },
): RequestFacts {
  const child = facts.children[index];
  if (child === undefined || !isOurs(facts, child, seen)) return facts;
  return learnVerdict(facts, index, { kind: "accepted", oid: seen.oid, at: seen.at });
}

/** An answered read. Negative ones count only when they began after the door had closed. */
export function learnLook(facts: RequestFacts, look: Look): RequestFacts {
  const child = facts.children[look.child];
  if (child === undefined) return facts;
  const known = countEffort(facts);
  if (look.type === "look.found" && isLanding(facts, child, look)) {
    return landChild(known, look.child, look);
  }
  if (!known.doubted || known.closedAtMs === undefined || look.begunAt < known.closedAtMs) {
    return known;
  }
  const looks = widen(child.looks, look);
  if (looks === child.looks) return known;
  return renewChild(known, look.child, { ...child, looks });
}

/**
 * A rejected record is no landing. Nor is what is found after the venue refused a modify: that made no leg, but
 * its cloid finds the record of the rejection.
 */
function isLanding(
  facts: RequestFacts,
  child: RequestChild,
  found: RequestEventOf<"look.found">,
): boolean {
  const wasRefused = facts.kind === "modify" && child.verdict?.kind === "refused";
  return found.rejected !== true && !wasRefused && isOurs(facts, child, found);
}

/** Says of every child without a verdict that it never landed. */
export function learnNothingLanded(
  facts: RequestFacts,
  verdict: Verdict & { readonly kind: "neverLanded" },
): readonly RequestChild[] {
  return facts.children.map((child) =>
    child.verdict === undefined ? { ...child, verdict } : child,
  );
}

function learnVerdict(facts: RequestFacts, index: number, verdict: Verdict): RequestFacts {
  const child = facts.children[index];
  if (child === undefined) return facts;
  const before = child.verdict;
  if (before !== undefined && RANK[verdict.kind] <= RANK[before.kind]) {
    return isLanded(child) && verdict.kind === "refused" ? contradict(facts) : facts;
  }
  const known = renewChild(facts, index, { ...child, verdict });
  const isDead = before?.kind === "neverLanded" || before?.kind === "refused";
  const isOtherwise = isDead && RANK[verdict.kind] > RANK.refused;
  return isOtherwise ? contradict(known) : known;
}

function contradict(facts: RequestFacts): RequestFacts {
  return facts.contradicted ? facts : renew(facts, { contradicted: true });
}

/** The answers of one pace are one effort, however many children were asked about. */
function countEffort(facts: RequestFacts): RequestFacts {
  if (!facts.doubted || facts.heardThisPace) return facts;
  const effort = facts.effort + 1;
  return renew(facts, {
    effort,
    heardThisPace: true,
    exhausted: facts.exhausted || effort >= facts.timings.effortMax,
  });
}

function widen(looks: Looks, look: Look): Looks {
  // What was found is another's: to this child it is not there.
  const key = (look.type === "look.unknownOid" ? undefined : look.what) ?? "unknownOid";
  const span = widenSpan(looks[key], look.begunAt);
  return span === looks[key] ? looks : { ...looks, [key]: span };
}

function widenSpan(span: Span | undefined, at: number): Span {
  if (span === undefined) return { first: at, last: at };
  if (at >= span.first && at <= span.last) return span;
  return { first: Math.min(at, span.first), last: Math.max(at, span.last) };
}

function renewChild(facts: RequestFacts, index: number, child: RequestChild): RequestFacts {
  return renew(facts, { children: facts.children.with(index, child) });
}
