import type { RequestEvent, RequestFacts } from "@cloister/machines";
import type { DoubtMeans, Source } from "@cloister/model";

/** What decided a doubtful request that `event` brought to its end. */
export function meansOf({ ended, children }: RequestFacts, event: RequestEvent): DoubtMeans {
  const isNothing = children.some(({ verdict }) => verdict?.kind === "neverLanded");
  if (isNothing && ended?.by !== undefined) return ended.by;
  if (event.type === "child.landed") return SHOWS[event.source ?? "answer"];
  if (event.type === "look.unknownOid" || event.type === "look.absent") return "absence";
  if (event.type !== "look.found") return "answer";
  return event.what === "fills" ? "fillsRead" : (event.what ?? "orderStatus");
}

const SHOWS: Readonly<Record<Source, DoubtMeans>> = {
  orderUpdates: "orderUpdates",
  userFills: "userFills",
  openOrders: "openOrders",
  orderStatus: "orderStatus",
  fillsRead: "fillsRead",
  answer: "answer",
  command: "answer",
  deadline: "answer",
  request: "answer",
};
