import type { JournalRecord } from "@cloister/model";
import { type Header, readHeader } from "./header.ts";
import { jsonOfLine } from "./line.ts";

const LINE_END = 0x0a;

/** What a segment holds: the records of its good prefix, and how long that is. */
export type Segment = {
  readonly header: Header | undefined;
  readonly records: readonly JournalRecord[];
  /** Bytes up to which every line is good. */
  readonly goodBytes: number;
  readonly bytes: number;
  /** Good lines behind the first bad one. */
  readonly goodAfter: number;
};

/** Reads a segment up to its first bad line. Never throws for what is torn or rotten. @throws journalVersion */
export function readSegment(bytes: Uint8Array): Segment {
  const records: JournalRecord[] = [];
  let header: Header | undefined;
  let goodBytes = 0;
  let goodAfter = 0;
  let isGood = true;
  for (const { line, end } of linesOf(bytes)) {
    const json = jsonOfLine(line);
    if (!isGood) {
      if (json !== undefined) goodAfter += 1;
      continue;
    }
    if (json === undefined) {
      isGood = false;
      continue;
    }
    if (header === undefined) {
      header = readHeader(json);
      if (header === undefined) isGood = false;
      else goodBytes = end;
      continue;
    }
    const record = JSON.parse(json) as JournalRecord;
    if (record.sequence <= (records.at(-1)?.sequence ?? header.first - 1)) {
      isGood = false;
      continue;
    }
    records.push(record);
    goodBytes = end;
  }
  return { header, records, goodBytes, bytes: bytes.length, goodAfter };
}

/** Whole lines only: what has no end was torn off. */
function* linesOf(bytes: Uint8Array): Generator<{ line: Uint8Array; end: number }> {
  for (let from = 0; ; ) {
    const at = bytes.indexOf(LINE_END, from);
    if (at < 0) return;
    yield { line: bytes.subarray(from, at), end: at + 1 };
    from = at + 1;
  }
}
