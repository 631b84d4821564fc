import type { RequestFacts } from "@cloister/machines";
import type { Query } from "@cloister/model";
import type { AskTerms } from "../reads/reads.ts";

/**
 * Which reads of others a doubtful request may share. While its door is open only what is found counts, so any read
 * under way that began after the first write will do. Behind a closed door one counts that began after it closed,
 * and `settleMs` after the one with which it is to decide.
 */
export function lookTerms(
  { children, closedAtMs, copies, timings }: RequestFacts,
  asked: readonly number[],
  query: Query,
): Omit<AskTerms, "late"> {
  if (closedAtMs === undefined) {
    const [first] = copies;
    return first === undefined ? {} : { notBefore: first.writtenMs };
  }
  const firsts = asked.map((index) => {
    const looks = children[index]?.looks;
    if (query.kind === "openOrders") return looks?.openOrders?.first;
    return query.kind === "orderStatus" ? looks?.unknownOid?.first : undefined;
  });
  // A read of the very moment may have been sent before the door closed.
  const closedMs = closedAtMs + 1;
  const settled = firsts.map((at) => (at === undefined ? closedMs : at + timings.settleMs));
  return { notBefore: Math.max(closedMs, ...settled), orRecent: true };
}
