import type { JournalRecord } from "@cloister/model";
import { parsedJson } from "./json.ts";

/** The record of a good line, whatever version wrote it; undefined for a line that holds none. */
export function readRecord(json: string): JournalRecord | undefined {
  const value = parsedJson(json);
  if (typeof value !== "object" || value === null) return undefined;
  const record = value as Partial<JournalRecord>;
  if (!Number.isSafeInteger(record.sequence) || typeof record.input !== "object") return undefined;
  if (record.monotonicMs !== undefined) return value as JournalRecord;
  // Version 1 knew the wall only: the best there is for what was measured by it.
  return { ...(value as JournalRecord), monotonicMs: record.atMs ?? 0 };
}
