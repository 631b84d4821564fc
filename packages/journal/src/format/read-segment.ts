import type { JournalDamage, JournalRecord } from "@cloister/model";
import { type Header, readHeader } from "./header.ts";
import { bufferOf, jsonOf, type Line, linesOf } from "./line.ts";
import { readRecord } from "./record.ts";

/** Who is told what is not as it was written. */
export type Hurt = (damage: JournalDamage) => void;

/** A segment of which no record was read. */
export type SegmentOutline = {
  readonly header: Header | undefined;
  readonly lastSequence: number | undefined;
  /** Bytes up to the end of the last good line: what is behind was torn off. */
  readonly goodBytes: number;
};

/**
 * The records of a segment, one after the other. What is torn or rotten is told and passed over: each good line stands for
 * itself. @throws journalVersion
 */
export function* recordsOf(bytes: Uint8Array, file: string, hurt: Hurt): Generator<JournalRecord> {
  const buffer = bufferOf(bytes);
  let isFirst = true;
  let previous = 0;
  for (const line of goodLines(buffer, file, hurt)) {
    const json = jsonOf(buffer, line);
    const isHeader = isFirst && readHeader(json) !== undefined;
    isFirst = false;
    if (isHeader) continue;
    const record = readRecord(json);
    if (record !== undefined && record.sequence > previous) {
      previous = record.sequence;
      yield record;
    } else {
      hurt({ file, kind: "rotten", at: line.start, bytes: line.end - line.start });
    }
  }
}

/** Undefined when its first line is no good header. @throws journalVersion */
export function headerOfSegment(bytes: Uint8Array): Header | undefined {
  const buffer = bufferOf(bytes);
  for (const line of linesOf(buffer)) {
    return line.isGood ? readHeader(jsonOf(buffer, line)) : undefined;
  }
  return undefined;
}

/** What a segment is and how far it is good. @throws journalVersion */
export function outlineOf(bytes: Uint8Array, file: string, hurt: Hurt): SegmentOutline {
  const buffer = bufferOf(bytes);
  let header: Header | undefined;
  let last: Line | undefined;
  let isFirst = true;
  for (const line of goodLines(buffer, file, hurt)) {
    if (isFirst) header = readHeader(jsonOf(buffer, line));
    isFirst = false;
    last = line;
  }
  const record = last === undefined ? undefined : readRecord(jsonOf(buffer, last));
  return { header, lastSequence: record?.sequence, goodBytes: last?.end ?? 0 };
}

/** The good lines; bad ones that follow each other are told as one. */
function* goodLines(buffer: Buffer, file: string, hurt: Hurt): Generator<Line> {
  let badFrom: number | undefined;
  for (const line of linesOf(buffer)) {
    if (!line.isGood) {
      badFrom ??= line.start;
      continue;
    }
    if (badFrom !== undefined) {
      hurt({ file, kind: "rotten", at: badFrom, bytes: line.start - badFrom });
      badFrom = undefined;
    }
    yield line;
  }
  if (badFrom === undefined) return;
  hurt({ file, kind: "torn", at: badFrom, bytes: buffer.length - badFrom });
}
