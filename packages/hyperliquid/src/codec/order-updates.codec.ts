import { type Decoded, ok } from "./decoded.ts";
import { brokenFrame, factsFrame, factsOf } from "./facts.ts";
import type { Frame, FrameFact } from "./frame.ts";
import { readStatusRow } from "./order-row.ts";

const CHANNEL = "orderUpdates";

/** One block's news of orders, several states of one order included; there is no snapshot (protocol §4.1). */
export function decodeOrderUpdates(data: unknown): Frame {
  if (!Array.isArray(data)) return brokenFrame(CHANNEL, "data is not an array");
  return factsFrame(CHANNEL, factsOf(CHANNEL, data, readUpdate));
}

function readUpdate(element: unknown): Decoded<FrameFact> {
  const report = readStatusRow(element);
  return report.kind === "ok" ? ok<FrameFact>({ type: "order", report: report.value }) : report;
}
