import { type Decoded, ok } from "./decoded.ts";
import { brokenFrame, factsFrame, factsOf } from "./facts.ts";
import { readFillRow } from "./fill-row.ts";
import type { Frame, FrameFact } from "./frame.ts";
import { isRecord } from "./json.ts";

const CHANNEL = "userFills";

/** Executions; history first after each subscribe. An absent `isSnapshot` is false (protocol §2.6, §4.2). */
export function decodeUserFills(data: unknown): Frame {
  if (!isRecord(data)) return brokenFrame(CHANNEL, "data is not an object");
  const fills = data["fills"];
  if (!Array.isArray(fills)) return brokenFrame(CHANNEL, "fills is not an array");
  const snapshot = data["isSnapshot"] === true;
  return factsFrame(CHANNEL, fillFacts(CHANNEL, fills, snapshot), { user: data["user"], snapshot });
}

export function fillFacts(
  channel: string,
  fills: readonly unknown[],
  snapshot: boolean,
): FrameFact[] {
  return factsOf(channel, fills, (element): Decoded<FrameFact> => {
    const fill = readFillRow(element);
    return fill.kind === "ok" ? ok<FrameFact>({ type: "fill", fill: fill.value, snapshot }) : fill;
  });
}
