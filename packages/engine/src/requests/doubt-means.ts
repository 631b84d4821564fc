import type { RequestEvent, RequestFacts } from "@cloister/machines";
import type { DoubtMeans, Source } from "@cloister/model";

/** What decided a doubtful request that `event` brought to its end. */
export function meansOf({ ended, children }: RequestFacts, event: RequestEvent): DoubtMeans {
  const isNothing = children.some(({ verdict }) => verdict?.kind === "neverLanded");
  if (isNothing && ended?.by !== undefined) return ended.by;
  switch (event.type) {
    case "child.landed":
      return shownBy(event.source ?? "answer");
    case "look.found":
      return event.what === "fills" ? "fillsRead" : (event.what ?? "orderStatus");
    case "look.unknownOid":
    case "look.absent":
      return "absence";
    default:
      return "answer";
  }
}

function shownBy(source: Source): DoubtMeans {
  switch (source) {
    case "orderUpdates":
    case "userFills":
    case "openOrders":
    case "orderStatus":
    case "fillsRead":
      return source;
    default:
      return "answer";
  }
}
