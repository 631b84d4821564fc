import type { Report, VenueFact } from "@cloister/model";
import type { Broken } from "../codec/decoded.ts";
import type { InfoFailure } from "./ask-info.ts";

/** What became of a read: a report or a reason, what was not understood on the way, and the bodies. */
export type ReadOutcome = {
  readonly result:
    | { readonly report: Report }
    | { readonly reason: string; readonly throttled?: true };
  readonly remarks: readonly VenueFact[];
  readonly raw?: string;
};

export function failedRead(infoType: string, failure: InfoFailure): ReadOutcome {
  const reason = `${infoType}: ${failure.reason}`;
  const { raw, throttled } = failure;
  const result = { reason, ...(throttled === undefined ? {} : { throttled }) };
  if (raw === undefined) return { result, remarks: [] };
  const remarks = failure.unrecognized
    ? [unrecognized(infoType, { reason: failure.reason, text: raw })]
    : [];
  return { result, remarks, raw };
}

/** A row that was not understood makes a list of unknown length: no list at all. */
export function brokenRead(infoType: string, broken: readonly Broken[], raw: string): ReadOutcome {
  return {
    result: { reason: `${infoType}: ${broken.length} rows were not understood` },
    remarks: broken.map((part) => unrecognized(infoType, part)),
    raw,
  };
}

export function unrecognized(infoType: string, part: Broken): VenueFact {
  return { type: "unrecognized", channel: infoType, reason: part.reason, text: part.text };
}
