import {
  type Fill,
  fillKey,
  type OrderEvent,
  type OrderReport,
  type Source,
} from "@cloister/model";

/** What a streamed word, or the record of a read, is evidence of. Records have a frozen size (protocol §8.4). */
export function evidenceOf(report: OrderReport, source: Source): OrderEvent {
  const { oid, at, size, price, word } = report;
  switch (word.kind) {
    case "open":
      return { type: "venue.accepted", oid, at, source, size, price };
    case "triggered":
      return { type: "venue.triggered", oid, at, source };
    case "filled":
      return { type: "venue.filled", oid, at, source, size, price };
    case "canceled":
      return {
        type: "venue.canceled",
        oid,
        at,
        source,
        cause: word.cause,
        size,
        price,
        ...(source === "orderUpdates" ? { remaining: report.remaining } : {}),
      };
    case "rejected":
      return { type: "venue.rejected", oid, at, source, cause: word.cause, size };
    case "unknown":
      return { type: "venue.unknownWord", raw: report.raw, oid, at };
  }
}

export function fillEvidence(fill: Fill, source: Source, key = fillKey(fill)): OrderEvent {
  return { type: "venue.fill", key, oid: fill.oid, fill, source };
}
