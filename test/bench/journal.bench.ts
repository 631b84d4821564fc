import fs from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type FileJournal, fileJournal } from "@cloister/journal";
import type { JournalRecord } from "@cloister/model";
import { median, micros, stopwatch, table, timed, times } from "./measure.ts";
import { realRecords } from "./real-records.ts";

/**
 * What a journal costs, with the records of real orders: one append, as durable as asked; recalling many; the disk that
 * an order takes. The floors do the same with bare calls: `fs.writeSync` of the same bytes, `JSON.parse` of the same lines.
 */
const ROUNDS = 5;
const GROUP = 100;
const NOTHING = Buffer.alloc(0);

const { values } = parseArgs({
  options: {
    appends: { type: "string", default: "50000" },
    syncs: { type: "string", default: "500" },
    records: { type: "string", default: "1000000" },
    folder: { type: "string", default: tmpdir() },
  },
});
const folder = fs.mkdtempSync(join(values.folder, "cloister-bench-"));
const { records, bytesPerOrder } = await realRecords(200);
const lines = records.map((record) => Buffer.from(`00000000 ${JSON.stringify(record)}\n`));
const bytesPerRecord = lines.reduce((sum, line) => sum + line.length, 0) / lines.length;
let made = 0;

/** The records again and again, numbered anew: never the same object, as in an engine. */
function* numbered(count: number): Generator<JournalRecord> {
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const record = records[sequence % records.length];
    if (record !== undefined) yield { ...record, sequence };
  }
}

function freshPath(): string {
  made += 1;
  return join(folder, String(made));
}

/** Nanoseconds per record with one write each, as if each came in a turn of its own. */
function appended(count: number): number {
  const journal = fileJournal(freshPath());
  const all = [...numbered(count)];
  const ns = timed(() => {
    for (const record of all) {
      journal.append(record);
      journal.flush();
    }
  });
  journal.close();
  return ns / count;
}

function written(count: number): number {
  const file = fs.openSync(freshPath(), "ax");
  const ns = timed(() => {
    for (let index = 1; index <= count; index += 1) {
      fs.writeSync(file, lines[index % lines.length] ?? NOTHING);
    }
  });
  fs.closeSync(file);
  return ns / count;
}

function stringified(count: number): number {
  const all = [...numbered(count)];
  return timed(() => all.forEach((record) => JSON.stringify(record))) / count;
}

function durable(journal: FileJournal): Promise<void> {
  return new Promise((resolve, reject) => {
    journal.whenDurable((error) => (error === undefined ? resolve() : reject(error)));
  });
}

/** Nanoseconds until a group of records survives a loss of power, per record. */
async function synced(count: number, group: number): Promise<number> {
  const journal = fileJournal(freshPath(), { durability: "power" });
  const all = [...numbered(count)];
  const passed = stopwatch();
  for (let from = 0; from < count; from += group) {
    const waits = all.slice(from, from + group).map((record) => {
      journal.append(record);
      return durable(journal);
    });
    await Promise.all(waits);
  }
  const ns = passed();
  journal.close();
  return ns / count;
}

/** The floor of it: one write and one fdatasync each, that nobody shares. */
function syncedBare(count: number): number {
  const file = fs.openSync(freshPath(), "ax");
  const ns = timed(() => {
    for (let index = 1; index <= count; index += 1) {
      fs.writeSync(file, lines[index % lines.length] ?? NOTHING);
      fs.fdatasyncSync(file);
    }
  });
  fs.closeSync(file);
  return ns / count;
}

type Recall = { readonly openNs: number; readonly walkNs: number; readonly parseNs: number };

function recalled(count: number): Recall {
  const path = freshPath();
  const first = fileJournal(path);
  for (const record of numbered(count)) first.append(record);
  first.close();
  let walked = 0;
  const begun = stopwatch();
  const journal = fileJournal(path);
  const openNs = begun();
  const walkNs = timed(() => {
    for (const { sequence } of journal.recall().records) walked = sequence;
  });
  journal.close();
  if (walked !== count) throw new Error(`recalled up to ${walked} of ${count}`);
  const texts = records.map((record) => JSON.stringify(record));
  const parseNs = timed(() => {
    for (let index = 0; index < count; index += 1) JSON.parse(texts[index % texts.length] ?? "");
  });
  fs.rmSync(path, { recursive: true });
  return { openNs, walkNs, parseNs };
}

/** The median of rounds in which each was measured in turn. */
function rounds(measure: () => number): number {
  return median(Array.from({ length: ROUNDS }, measure));
}

const appends = Number(values.appends);
const syncs = Number(values.syncs);
const many = Number(values.records);
try {
  appended(2_000);
  const floor = rounds(() => written(appends));
  const json = rounds(() => stringified(appends));
  const append = rounds(() => appended(appends));
  const syncFloor = rounds(() => syncedBare(syncs));
  const alone = await synced(syncs, 1);
  const together = await synced(syncs * 20, GROUP);
  const { openNs, walkNs, parseNs } = recalled(many);
  process.stdout.write(
    `${cpus()[0]?.model ?? "?"}, node ${process.version}, ${Math.round(bytesPerRecord)} bytes per record, ` +
      `${Math.round(bytesPerOrder)} bytes per order life (${records.length} real records)\n\n` +
      `${table([
        ["per record", "time", "ratio", "to"],
        ["fs.writeSync of the same bytes (floor)", micros(floor), "1", ""],
        ["JSON.stringify alone", micros(json), times(json / floor), "floor"],
        ["append, durability process", micros(append), times(append / floor), "floor"],
        ["fs.writeSync and fs.fdatasyncSync", micros(syncFloor), "1", ""],
        [
          "append until durable, power, one at a time",
          micros(alone),
          times(alone / syncFloor),
          "that",
        ],
        [`the same, ${GROUP} together`, micros(together), times(together / syncFloor), "that"],
        ["JSON.parse alone", micros(parseNs / many), "1", ""],
        [`recall of ${many} records`, micros(walkNs / many), times(walkNs / parseNs), "that"],
      ])}\n\n` +
      `recall of ${many} records: ${(walkNs / 1e9).toFixed(1)} s, and ${(openNs / 1e6).toFixed(0)} ms to open\n`,
  );
} finally {
  fs.rmSync(folder, { recursive: true });
}
