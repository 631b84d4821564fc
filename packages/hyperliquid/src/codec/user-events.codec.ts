import { readCoin, readOid } from "@cloister/model";
import { badField, type Decoded, ok } from "./decoded.ts";
import { brokenFrame, factsFrame, factsOf, unrecognizedFact } from "./facts.ts";
import type { Frame, FrameFact } from "./frame.ts";
import { isRecord, textOf } from "./json.ts";
import { fillFacts } from "./user-fills.codec.ts";

const CHANNEL = "user";

type EventReader = (value: unknown) => readonly FrameFact[];

/** The kinds of `userEvents` (protocol §4.3). */
const READERS: ReadonlyMap<string, EventReader> = new Map<string, EventReader>([
  ["fills", (value) => listed("fills", value, (fills) => fillFacts(CHANNEL, fills, false))],
  [
    "nonUserCancel",
    (value) => listed("nonUserCancel", value, (all) => factsOf(CHANNEL, all, readVenueCancel)),
  ],
  ["funding", () => [ignored("funding", "funding changes no order")]],
  ["liquidation", () => [ignored("liquidation", "its fills and cancels arrive on their own")]],
  ["twapHistory", () => [ignored("twapHistory", "the engine keeps no TWAPs")]],
  ["twapSliceFills", () => [ignored("twapSliceFills", "slices arrive as fills")]],
]);

/** One of fills, funding, liquidation, nonUserCancel; no snapshot, no account (protocol §4.3). */
export function decodeUserEvents(data: unknown): Frame {
  if (!isRecord(data)) return brokenFrame(CHANNEL, "data is not an object");
  const keys = Object.keys(data);
  if (!keys.some((key) => READERS.has(key))) return brokenFrame(CHANNEL, "no known kind of event");
  return factsFrame(
    CHANNEL,
    keys.flatMap((key) => eventFacts(key, data[key])),
  );
}

function eventFacts(key: string, value: unknown): readonly FrameFact[] {
  return READERS.get(key)?.(value) ?? [ignored(key, "an unknown key beside a known event")];
}

function listed(
  key: string,
  value: unknown,
  read: (elements: readonly unknown[]) => readonly FrameFact[],
): readonly FrameFact[] {
  if (Array.isArray(value)) return read(value);
  return [unrecognizedFact(CHANNEL, { reason: `${key} is not an array`, text: textOf(value) })];
}

function readVenueCancel(element: unknown): Decoded<FrameFact> {
  if (!isRecord(element)) return badField("the cancel", element);
  const coin = readCoin(element["coin"]);
  if (coin === undefined) return badField("coin", element["coin"]);
  const oid = readOid(element["oid"]);
  if (oid === undefined) return badField("oid", element["oid"]);
  return ok<FrameFact>({ type: "venueCancel", coin, oid });
}

function ignored(kind: string, reason: string): FrameFact {
  return { type: "ignored", what: `${CHANNEL}.${kind}`, reason };
}
