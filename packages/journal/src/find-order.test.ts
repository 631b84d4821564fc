import { type Cloid, type Input, type JournalRecord, parseCloid } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { fakeDisk, systemError } from "./disk/fake-disk.fixture.ts";
import { findOrder } from "./find-order.ts";
import { checkpointAt, command, FOLDER, open } from "./journal-world.fixture.ts";

const CLOID = parseCloid(`0xc1015700${"a".repeat(24)}`);
const OTHER = parseCloid(`0xc1015700${"b".repeat(24)}`);

function record(sequence: number, input: Input): JournalRecord {
  return { sequence, atMs: 1, monotonicMs: 1, input };
}

function placing(sequence: number, cloid: Cloid): JournalRecord {
  const terms = JSON.parse(
    '{"coin":"BTC","side":"buy","price":1,"size":1,"tif":"Gtc","reduceOnly":false}',
  );
  const orders = [{ cloid, terms }];
  const id = sequence;
  return record(sequence, {
    kind: "command",
    command: { kind: "place", id, orders, grouping: "na", expiresAfterMs: 1 },
  });
}

function canceling(sequence: number, cloid: Cloid): JournalRecord {
  return record(sequence, {
    kind: "command",
    command: { kind: "cancel", id: sequence, cloids: [cloid] },
  });
}

/** Two orders with much between their words. */
function story() {
  const disk = fakeDisk();
  const journal = open(disk, { segmentBytes: 1_024 });
  const words = new Map<number, JournalRecord>([
    [5, placing(5, CLOID)],
    [6, placing(6, OTHER)],
    [40, canceling(40, CLOID)],
    [41, canceling(41, OTHER)],
    [90, canceling(90, CLOID)],
  ]);
  for (let sequence = 1; sequence <= 100; sequence += 1) {
    journal.append(words.get(sequence) ?? command(sequence));
  }
  return { disk, journal, words };
}

describe("an order that ended long ago", () => {
  it("situation 122: is found in the segments, all of it and nothing else", async () => {
    const { journal, words } = story();
    expect(await journal.find(CLOID)).toEqual({
      records: [words.get(5), words.get(40), words.get(90)],
      isWhole: true,
    });
    expect(await journal.find(parseCloid(`0x${"0".repeat(32)}`))).toEqual({
      records: [],
      isWhole: false,
    });
  });

  it("is given in bounds, the newest first to be kept", async () => {
    const { journal, words } = story();
    expect(await journal.find(CLOID, { recordsMax: 2 })).toEqual({
      records: [words.get(40), words.get(90)],
      isWhole: false,
    });
  });

  it("is looked for no further back than its command", async () => {
    const { disk, journal } = story();
    const before = disk.calls.length;
    await journal.find(parseCloid(OTHER));
    const parts = disk.calls.slice(before).filter(({ call }) => call === "readLater");
    const first = parts.map(({ path }) => path).toSorted()[0] ?? "";
    expect(disk.bytes(first)).toBeDefined();
    expect(disk.text(first)).toContain(OTHER);
  });

  it("is told as far as it is kept: what was compacted or rotted is missing, and said to be", async () => {
    const { disk, words } = story();
    const segment = disk.paths().find((path) => disk.text(path).includes(OTHER)) ?? "";
    disk.spoil(segment, disk.text(segment).indexOf(CLOID) + 10);
    const found = await findOrder(FOLDER, CLOID, { disk });
    expect(found).toEqual({ records: [words.get(40), words.get(90)], isWhole: false });
    disk.remove(segment);
    expect(await findOrder(FOLDER, CLOID, { disk })).toEqual(found);
  });

  it("bears segments that go meanwhile, and tells what the disk refuses", async () => {
    const { disk, journal } = story();
    journal.checkpoint(checkpointAt(100));
    disk.fate = ({ call, path }) => {
      if (call === "readLater") disk.remove(path);
      return "well";
    };
    expect(await journal.find(CLOID)).toEqual({ records: [], isWhole: false });
    const other = story();
    other.disk.fate = ({ call, path }) =>
      call === "readLater" ? systemError("EIO", path) : "well";
    await expect(other.journal.find(CLOID)).rejects.toThrow("EIO");
  });

  it("is found where a part of the file ends within its line", async () => {
    const disk = fakeDisk();
    const journal = open(disk);
    const text = "x".repeat(700_000);
    const long = record(1, { kind: "venue", facts: [], raw: text });
    journal.append(placing(1, OTHER));
    journal.append({ ...long, sequence: 2 });
    journal.append({
      ...long,
      sequence: 3,
      input: { kind: "venue", facts: [], raw: text + CLOID },
    });
    journal.append(placing(4, CLOID));
    const { records, isWhole } = await journal.find(CLOID);
    expect(records.map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect(isWhole).toBe(true);
  });
});
