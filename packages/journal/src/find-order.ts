import type { Cloid, JournalRecord } from "@cloister/model";
import type { Disk } from "./disk/disk.ts";
import { nodeDisk } from "./disk/node-disk.ts";
import { isCode } from "./disk/system-error.ts";
import { bufferOf, jsonOf, linesOf } from "./format/line.ts";
import { readRecord } from "./format/record.ts";
import { segmentsOf } from "./format/segment-name.ts";

export type FindOptions = {
  readonly disk?: Disk;
  /** Records given at most, the newest; 1,000 by default. */
  readonly recordsMax?: number;
};

/** What a journal still has of an order. */
export type FoundOrder = {
  /** Every record that names its cloid, oldest first. Records that name it by its oid alone are not among them. */
  readonly records: readonly JournalRecord[];
  /** Whether the command that placed it is among them: nothing of it is older. */
  readonly isWhole: boolean;
};

/** What is searched between two turns of the event loop. */
const PART_BYTES = 1024 * 1024;
const LINE_END = 0x0a;

/**
 * Looks for an order from the newest segment back to the one that holds its command. It reads in parts and holds nobody up; it
 * changes nothing. Rejects with what the disk throws.
 */
export async function findOrder(
  folder: string,
  cloid: Cloid,
  { disk = nodeDisk, recordsMax = 1_000 }: FindOptions = {},
): Promise<FoundOrder> {
  /** Of each segment, the newest first. */
  const found: (readonly JournalRecord[])[] = [];
  let count = 0;
  let isWhole = false;
  for (const name of segmentsOf(disk.list(folder)).toReversed()) {
    const records = await findInSegment(disk, `${folder}/${name}`, cloid);
    found.push(records);
    count += records.length;
    isWhole = records.some((record) => placed(record, cloid));
    if (isWhole || count >= recordsMax) break;
  }
  const records = found.toReversed().flat().slice(-recordsMax);
  return { records, isWhole: isWhole && records.length === count };
}

async function findInSegment(
  disk: Disk,
  path: string,
  cloid: Cloid,
): Promise<readonly JournalRecord[]> {
  const found: JournalRecord[] = [];
  let rest: Uint8Array = new Uint8Array();
  for (let at = 0; ; ) {
    const part = await readPart(disk, path, at);
    at += part.length;
    const bytes = Buffer.concat([rest, part]);
    const end = bytes.lastIndexOf(LINE_END) + 1;
    found.push(...recordsNaming(bytes.subarray(0, end), cloid));
    if (part.length === 0) return found;
    rest = bytes.subarray(end);
  }
}

/** A part that a process removed meanwhile is empty. */
function readPart(disk: Disk, path: string, at: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    disk.readLater({ path, at, length: PART_BYTES }, (error, bytes) => {
      if (bytes !== undefined) resolve(bytes);
      else if (isCode(error, "ENOENT")) resolve(new Uint8Array());
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

/** Whole lines that name the cloid; only those are looked at closely. */
function* recordsNaming(bytes: Buffer, cloid: Cloid): Generator<JournalRecord> {
  for (let from = 0; ; ) {
    const hit = bytes.indexOf(cloid, from, "latin1");
    if (hit < 0) return;
    const start = bytes.lastIndexOf(LINE_END, hit) + 1;
    const end = bytes.indexOf(LINE_END, hit) + 1;
    const text = bufferOf(bytes.subarray(start, end));
    for (const line of linesOf(text)) {
      const record = line.isGood ? readRecord(jsonOf(text, line)) : undefined;
      if (record !== undefined) yield record;
    }
    from = end;
  }
}

function placed({ input }: JournalRecord, cloid: Cloid): boolean {
  if (input.kind !== "command" || input.command.kind !== "place") return false;
  return input.command.orders.some((order) => order.cloid === cloid);
}
