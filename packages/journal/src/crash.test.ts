import { describe, expect, it } from "vitest";
import { type FakeDisk, fakeDisk, systemError } from "./disk/fake-disk.fixture.ts";
import type { FileJournal } from "./file-journal.ts";
import { checkpointAt, command, frame, known, open, upTo } from "./journal-world.fixture.ts";

const RECORDS = 24;
const OPTIONS = { segmentBytes: 1_024, retain: { bytes: 0 } };

/** What the journal had promised when it was stopped. */
type Promised = { appended: number; durable: number };

/** A life with segments, checkpoints and compaction, until the disk throws. */
function live(disk: FakeDisk, promised: Promised, durability: "process" | "power"): void {
  try {
    const journal = open(disk, { ...OPTIONS, durability });
    for (let sequence = promised.appended + 1; sequence <= RECORDS; sequence += 1) {
      step(journal, sequence, promised);
      if (sequence % 3 === 0) disk.finishSyncs();
    }
    journal.close();
    promised.durable = promised.appended;
  } catch {
    // The journal says that it cannot go on; what it promised before is what counts.
  }
}

function step(journal: FileJournal, sequence: number, promised: Promised): void {
  journal.append(sequence % 4 === 0 ? frame(sequence) : command(sequence));
  journal.flush();
  promised.appended = sequence;
  journal.whenDurable((error) => {
    if (error === undefined) promised.durable = Math.max(promised.durable, sequence);
  });
  if (sequence % 7 === 0) {
    journal.checkpoint(checkpointAt(sequence));
    promised.durable = Math.max(promised.durable, sequence);
  }
}

/** How many calls a whole life makes. */
function callsOfALife(durability: "process" | "power"): number {
  const disk = fakeDisk();
  live(disk, { appended: 0, durable: 0 }, durability);
  // It is a life with all that can go wrong in it.
  const removed = disk.calls.filter(({ call }) => call === "remove").map(({ path }) => path);
  expect(removed.filter((path) => path.includes("records-")).length).toBeGreaterThan(0);
  expect(removed.filter((path) => path.endsWith(".json")).length).toBeGreaterThan(0);
  return disk.calls.length;
}

/** Every call from this one on is never made. */
function stopAt(disk: FakeDisk, count: number): void {
  disk.fate = (call) => (call.count >= count ? systemError("EIO", call.path) : "well");
}

describe("a journal that is stopped", () => {
  it("kill -9 before any call of the disk loses nothing of what was appended", () => {
    const calls = callsOfALife("process");
    for (let at = 1; at <= calls; at += 1) {
      const disk = fakeDisk();
      const promised = { appended: 0, durable: 0 };
      stopAt(disk, at);
      live(disk, promised, "process");
      disk.die();
      disk.fate = () => "well";
      const found = known(open(disk).recall());
      expect(found.length).toBeGreaterThanOrEqual(promised.appended);
      expect(found).toEqual(upTo(found.length));
    }
  });

  it("kill -9 in the middle of a write leaves what is torn beside it", () => {
    const calls = callsOfALife("process");
    for (let at = 1; at <= calls; at += 1) {
      const disk = fakeDisk();
      const promised = { appended: 0, durable: 0 };
      disk.fate = (call) => {
        if (call.count > at) return systemError("EIO", call.path);
        return call.count === at ? { takes: 11 } : "well";
      };
      live(disk, promised, "process");
      disk.die();
      disk.fate = () => "well";
      const found = known(open(disk).recall());
      expect(found.length).toBeGreaterThanOrEqual(promised.appended);
      expect(found).toEqual(upTo(found.length));
    }
  });

  it.each(["synced", "kept"] as const)(
    "a loss of power before any call loses nothing that was told durable, names as %s",
    (names) => {
      const calls = callsOfALife("power");
      for (let at = 1; at <= calls; at += 1) {
        const disk = fakeDisk();
        const promised = { appended: 0, durable: 0 };
        stopAt(disk, at);
        live(disk, promised, "power");
        disk.losePower(names);
        disk.fate = () => "well";
        const found = known(open(disk).recall());
        expect(found.length).toBeGreaterThanOrEqual(promised.durable);
        expect(found).toEqual(upTo(found.length));
      }
    },
  );

  it("kill -9 while an end is mended loses nothing, however often", () => {
    const torn = (): FakeDisk => {
      const disk = fakeDisk();
      const promised = { appended: 0, durable: 0 };
      live(disk, promised, "process");
      const last = disk.paths().findLast((path) => path.includes("records-")) ?? "";
      disk.put(last, Buffer.concat([disk.bytes(last), Buffer.from("12345678 {torn")]));
      return disk;
    };
    for (let at = 1; ; at += 1) {
      const disk = torn();
      const before = disk.calls.length;
      stopAt(disk, before + at);
      let isDone = true;
      try {
        open(disk);
      } catch {
        isDone = false;
      }
      disk.die();
      disk.fate = () => "well";
      expect(known(open(disk).recall())).toEqual(upTo(RECORDS));
      const beside = disk.paths().filter((path) => path.includes(".torn-"));
      expect(beside.map((path) => disk.text(path))).toContain("12345678 {torn");
      if (isDone) return;
    }
  });
});

describe("a disk that fails once", () => {
  it.each(["ENOSPC", "EIO"])("with %s at any call, loses only what was refused", (name) => {
    const calls = callsOfALife("process");
    for (let at = 1; at <= calls; at += 1) {
      const disk = fakeDisk();
      disk.fate = (call) => (call.count === at ? systemError(name, call.path) : "well");
      const taken = new Set<number>();
      let covered = 0;
      let journal: FileJournal | undefined;
      for (let sequence = 1; sequence <= RECORDS; sequence += 1) {
        try {
          journal ??= open(disk, OPTIONS);
          journal.append(command(sequence));
          taken.add(sequence);
          if (sequence % 7 === 0) {
            journal.checkpoint(checkpointAt(sequence));
            covered = sequence;
          }
        } catch (error) {
          expect(error).toMatchObject({ code: "journalFailed", cause: { code: name } });
        }
      }
      disk.die();
      disk.fate = () => "well";
      const found = new Set(known(open(disk).recall()));
      const lost = [...taken].filter((sequence) => sequence > covered && !found.has(sequence));
      expect(lost).toEqual([]);
    }
  });
});
