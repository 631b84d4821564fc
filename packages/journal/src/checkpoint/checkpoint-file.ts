import type { Checkpoint } from "@cloister/model";
import { checkVersion, VERSION } from "../format/header.ts";
import { parsedJson } from "../format/json.ts";
import { bufferOf, jsonOf, lineOf, linesOf } from "../format/line.ts";

const DIGITS = 15;
const PATTERN = /^checkpoint-(\d{15})\.json$/;

export function checkpointName(sequence: number): string {
  return `checkpoint-${String(sequence).padStart(DIGITS, "0")}.json`;
}

/** The sequence of a checkpoint's file; undefined for another file. */
export function sequenceOfCheckpoint(name: string): number | undefined {
  const digits = PATTERN.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A checkpoint as it stands in its file: one line like those of the segments. */
export function checkpointText(mark: string, checkpoint: Checkpoint): string {
  return lineOf(JSON.stringify({ cloister: "checkpoint", version: VERSION, mark, checkpoint }));
}

export type CheckpointRead = { readonly mark: string; readonly checkpoint: Checkpoint };

/** Undefined for what is torn or rotten. @throws journalVersion */
export function readCheckpoint(bytes: Uint8Array): CheckpointRead | undefined {
  const buffer = bufferOf(bytes);
  const [line, ...more] = linesOf(buffer);
  if (line?.isGood !== true || more.length > 0) return undefined;
  const value = parsedJson(jsonOf(buffer, line));
  if (typeof value !== "object" || value === null) return undefined;
  const { cloister, version, mark, checkpoint } = value as Partial<Record<string, unknown>>;
  if (cloister !== "checkpoint" || typeof version !== "number") return undefined;
  checkVersion(version);
  if (typeof mark !== "string" || !isCheckpoint(checkpoint)) return undefined;
  return { mark, checkpoint };
}

function isCheckpoint(value: unknown): value is Checkpoint {
  return typeof value === "object" && value !== null && "sequence" in value && "state" in value;
}
