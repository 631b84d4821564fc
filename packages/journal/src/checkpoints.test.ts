import { describe, expect, it } from "vitest";
import { fakeDisk } from "./disk/fake-disk.fixture.ts";
import { sumOf } from "./format/line.ts";
import {
  checkpointAt,
  code,
  command,
  FIRST,
  FOLDER,
  HOST,
  known,
  open,
  sequences,
  upTo,
} from "./journal-world.fixture.ts";
import { fileJournal } from "./file-journal.ts";

const DAY_MS = 86_400_000;
const SMALL = { segmentBytes: 1_024 };

function nameOf(sequence: number): string {
  return `${FOLDER}/checkpoint-${String(sequence).padStart(15, "0")}.json`;
}

/** A journal with checkpoints every ten records. */
function written(count: number, options: Parameters<typeof open>[1] = {}) {
  const disk = fakeDisk();
  const journal = open(disk, options);
  for (let sequence = 1; sequence <= count; sequence += 1) {
    journal.append(command(sequence));
    if (sequence % 10 === 0) journal.checkpoint(checkpointAt(sequence));
  }
  journal.close();
  return disk;
}

describe("checkpoints", () => {
  it("spare a later life the records before them", () => {
    const recalled = open(written(23)).recall();
    expect(recalled.checkpoint).toEqual(checkpointAt(20));
    expect([...recalled.records]).toEqual([21, 22, 23].map(command));
    expect(recalled).toMatchObject({ lastSequence: 23, damage: [] });
  });

  it("are two: what is older goes", () => {
    const disk = written(50);
    expect(disk.paths().filter((path) => path.includes("checkpoint"))).toEqual([
      nameOf(40),
      nameOf(50),
    ]);
  });

  it("leave the older one when the newest is rotten, and say so, wherever it rots", () => {
    const disk = written(23);
    const whole = disk.bytes(nameOf(20));
    const { length } = whole;
    for (let at = 0; at < length; at += 1) {
      disk.put(nameOf(20), whole);
      disk.spoil(nameOf(20), at, 1 << (at % 8));
      const recalled = open(disk).recall();
      expect(recalled.checkpoint).toEqual(checkpointAt(10));
      expect(known(recalled)).toEqual(upTo(23));
      const file = nameOf(20).slice(FOLDER.length + 1);
      expect(recalled.damage).toEqual([{ file, kind: "unreadable", at: 0, bytes: length }]);
    }
  });

  it("situation 108: cut at every byte, are passed over for the older one", () => {
    const disk = written(23);
    const whole = disk.bytes(nameOf(20));
    for (let length = 0; length < whole.length; length += 1) {
      disk.put(nameOf(20), whole.subarray(0, length));
      expect(known(open(disk).recall())).toEqual(upTo(23));
    }
  });

  it("leave all records when both are rotten", () => {
    const disk = written(23);
    disk.spoil(nameOf(20), 30);
    disk.spoil(nameOf(10), 30);
    const recalled = open(disk).recall();
    expect(recalled.checkpoint).toBeUndefined();
    expect([...recalled.records]).toEqual(upTo(23).map(command));
    expect(recalled.damage).toHaveLength(2);
  });

  it("keep the mark when every record is lost", () => {
    const disk = written(23);
    disk.remove(FIRST);
    const later = open(disk, { mark: "ffffffff" });
    expect(later.mark).toBe("c1015700");
    expect(later.recall()).toMatchObject({ lastSequence: 20, checkpoint: { sequence: 20 } });
  });

  it("situation 112: of a newer version are refused, and left as they were", () => {
    const disk = written(13);
    const json = disk.text(nameOf(10)).slice(9).trimEnd().replace('"version":2', '"version":3');
    disk.put(nameOf(10), Buffer.from(`${sumOf(json)} ${json}\n`));
    const before = disk.text(nameOf(10));
    expect(() => open(disk)).toThrow(code("journalVersion"));
    expect(disk.text(nameOf(10))).toBe(before);
  });

  it("are refused by a journal that is closed, and when they are not JSON", () => {
    const journal = open(fakeDisk());
    expect(() => journal.checkpoint({ ...checkpointAt(1), state: 1n })).toThrow(
      code("journalFailed"),
    );
    journal.close();
    expect(() => journal.checkpoint(checkpointAt(1))).toThrow(code("journalFailed"));
  });
});

describe("what no checkpoint needs", () => {
  it("stays while it is wanted, and goes beyond the bytes that are kept", () => {
    const all = written(100, { ...SMALL, retain: { bytes: 1e9 } });
    expect(sequences(open(all))).toEqual(upTo(100));
    const some = written(100, { ...SMALL, retain: { bytes: 6_000 } });
    const left = sequences(open(some));
    expect(left.length).toBeGreaterThan(20);
    expect(left.length).toBeLessThan(70);
    const none = written(100, { ...SMALL, retain: { bytes: 0 } });
    const needed = sequences(open(none));
    // The older checkpoint, 90, still needs all behind it.
    expect(needed.at(0)).toBeLessThanOrEqual(91);
    expect(needed.at(0)).toBeGreaterThan(75);
    expect(needed.at(-1)).toBe(100);
  });

  it("goes when it is old", () => {
    const disk = fakeDisk();
    const journal = open(disk, { ...SMALL, retain: { days: 3 } });
    for (let sequence = 1; sequence <= 60; sequence += 1) {
      journal.append(command(sequence));
      if (sequence % 20 > 0) continue;
      disk.wallMs += DAY_MS;
      journal.checkpoint(checkpointAt(sequence, disk.wallMs));
    }
    expect(sequences(journal).at(0)).toBe(1);
    disk.wallMs += DAY_MS;
    journal.checkpoint(checkpointAt(60, disk.wallMs));
    const left = sequences(journal).at(0) ?? 0;
    expect(left).toBeGreaterThan(15);
    expect(left).toBeLessThanOrEqual(21);
  });

  it("stays while there is but one checkpoint, for that might rot", () => {
    const disk = written(19, { ...SMALL, retain: { bytes: 0 } });
    expect(sequences(open(disk))).toEqual(upTo(19));
  });

  it.each([
    ["bytes", -1],
    ["days", Number.NaN],
  ])("cannot be kept by a bad bound of %s", (name, value) => {
    const options = { disk: fakeDisk(), host: HOST, retain: { [name]: value } };
    expect(() => fileJournal(FOLDER, options)).toThrow(code("invalidOption"));
  });
});
