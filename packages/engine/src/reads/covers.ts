import type { Query } from "@cloister/model";

/** Whether an answer to the one says all that the other asks. */
export function covers(asked: Query, wanted: Query): boolean {
  if (asked.kind === "fills") return wanted.kind === "fills" && asked.fromMs <= wanted.fromMs;
  if (asked.kind === "orderStatus") {
    return wanted.kind === "orderStatus" && asked.key === wanted.key;
  }
  return asked.kind === wanted.kind;
}

/** One question that answers both, if there is one that costs little more than the dearer of them. */
export function widest(one: Query, other: Query): Query | undefined {
  if (one.kind === "fills" && other.kind === "fills") {
    return { kind: "fills", fromMs: Math.min(one.fromMs, other.fromMs) };
  }
  return covers(one, other) ? one : undefined;
}

/** Whether what was read then is an answer now. */
export function isRecent(
  begun: { readonly query: Query; readonly begunAt: number },
  wanted: Query,
  notBefore: number,
): boolean {
  return begun.begunAt >= notBefore && covers(begun.query, wanted);
}
