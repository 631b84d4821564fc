import { type JournalDamage, seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { type FakeDisk, fakeDisk, systemError } from "./disk/fake-disk.fixture.ts";
import { fileJournal, type FileJournalOptions } from "./file-journal.ts";
import { sumOf } from "./format/line.ts";
import {
  code,
  command,
  FIRST,
  FOLDER,
  frame,
  HOST,
  open,
  outcome,
  sequences,
} from "./journal-world.fixture.ts";
import { readRecords } from "./read-journal.ts";

/** A journal of so many commands, closed again. */
function written(count: number, options: Partial<FileJournalOptions> = {}): FakeDisk {
  const disk = fakeDisk();
  const journal = open(disk, options);
  for (let sequence = 1; sequence <= count; sequence += 1) journal.append(command(sequence));
  journal.close();
  return disk;
}

describe("a journal in files", () => {
  it("gives back what it took, in a later life, under the mark it was born with", () => {
    const disk = written(3);
    const later = open(disk, { mark: "ffffffff" });
    expect(later.mark).toBe("c1015700");
    expect(later.recall()).toMatchObject({ lastSequence: 3, damage: [], checkpoint: undefined });
    expect([...later.recall().records]).toEqual([1, 2, 3].map(command));
    later.append(command(4));
    expect([...later.records()]).toEqual([1, 2, 3, 4].map(command));
    expect(sequences(later, 2)).toEqual([3, 4]);
  });

  it("is lines of JSON with a sum each, so that other programs read it", () => {
    const disk = written(2);
    const lines = disk.text(FIRST).trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines.map((line) => /^[0-9a-f]{8} \{/.test(line))).toEqual([true, true, true]);
    expect(JSON.parse(lines[0]?.slice(9) ?? "")).toEqual({
      cloister: "journal",
      version: 2,
      mark: "c1015700",
      first: 1,
    });
  });

  it("makes a mark of its own", () => {
    const one = fileJournal("/a", { disk: fakeDisk(), host: HOST });
    const two = fileJournal("/b", { disk: fakeDisk(), host: HOST });
    expect(one.mark).toMatch(/^[0-9a-f]{8}$/);
    expect(one.mark).not.toBe(two.mark);
  });

  it("goes on in a new segment when one is full, and finds its place again", () => {
    const disk = written(50, { segmentBytes: 1_024 });
    const names = disk.paths().filter((name) => name.includes("records-"));
    expect(names.length).toBeGreaterThan(4);
    const later = open(disk, { segmentBytes: 1_024 });
    expect(sequences(later)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(sequences(later, 44)).toEqual([45, 46, 47, 48, 49, 50]);
    later.append(command(51));
    later.close();
    expect(sequences(open(disk), 49)).toEqual([50, 51]);
  });

  it("writes a command before it returns, and many frames at once", async () => {
    const disk = fakeDisk();
    const journal = open(disk);
    journal.append(frame(1));
    journal.append(frame(2));
    const before = disk.calls.filter(({ call }) => call === "write").length;
    await Promise.resolve();
    const after = disk.calls.filter(({ call }) => call === "write").length;
    expect(after - before).toBe(1);
    expect(sequences(journal)).toEqual([1, 2]);
    journal.append(frame(3));
    journal.append(command(4));
    expect(sequences(journal)).toEqual([1, 2, 3, 4]);
  });

  it("refuses to take anything once it is closed, and closes once", () => {
    const disk = fakeDisk();
    const journal = open(disk);
    journal.close();
    journal.close();
    expect(() => journal.append(command(1))).toThrow(code("journalFailed"));
    open(disk).close();
  });

  it("refuses a record that is not JSON, and goes on", () => {
    const journal = open(fakeDisk());
    const bad = command(1);
    Object.assign(bad.input, { command: 1n });
    expect(() => journal.append(bad)).toThrow(code("journalFailed"));
    journal.append(command(2));
    expect(sequences(journal)).toEqual([2]);
  });

  it.each([
    ["segmentBytes", { segmentBytes: 10 }],
    ["segmentBytes", { segmentBytes: Number.NaN }],
    ["mark", { mark: "xyz" }],
  ])("refuses a bad %s, and leaves no lock", (_, options) => {
    const disk = fakeDisk();
    expect(() => open(disk, options)).toThrow(code("invalidOption"));
    open(disk).close();
  });
});

describe("a journal whose end was torn", () => {
  const COUNT = 4;

  it("situation 108: cut at every byte, keeps the good prefix and puts the rest beside it", () => {
    const whole = written(COUNT).bytes(FIRST);
    for (let length = 0; length < whole.length; length += 1) {
      const disk = fakeDisk();
      disk.put(FIRST, whole.subarray(0, length));
      const journal = open(disk);
      const kept = sequences(journal);
      expect(kept).toEqual([1, 2, 3, 4].slice(0, kept.length));
      const torn = journal.recall().damage.at(0);
      const good = torn?.at ?? length;
      expect(good === 0 || whole[good - 1] === 0x0a).toBe(true);
      if (torn !== undefined) {
        expect(disk.bytes(`${FIRST}.torn-1`)).toEqual(whole.slice(good, length));
      }
      journal.append(command(9));
      journal.close();
      expect(sequences(open(disk))).toEqual([...kept, 9]);
    }
  });

  it("situation 108: with bytes flipped at random, never misreads and never throws", () => {
    const random = seededRandom(108);
    const whole = written(COUNT).bytes(FIRST);
    for (let round = 0; round < 400; round += 1) {
      const bytes = Uint8Array.from(whole);
      const flips = 1 + Math.floor(random.next() * 3);
      for (let flip = 0; flip < flips; flip += 1) {
        const at = Math.floor(random.next() * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random.next() * 8));
      }
      const disk = fakeDisk();
      disk.put(FIRST, bytes);
      const records = [...open(disk).recall().records];
      const kept = [1, 2, 3, 4].filter((sequence) =>
        records.some((one) => one.sequence === sequence),
      );
      expect(records).toEqual(kept.map(command));
      expect(kept.length).toBeGreaterThanOrEqual(COUNT - flips * 2);
    }
  });

  it("situation 108: passes over what rots within, keeps what is good behind it, and says where", () => {
    const disk = written(COUNT);
    const [head = "", first = "", second = ""] = disk.text(FIRST).split("\n");
    const at = Buffer.byteLength(`${head}\n${first}\n`);
    disk.spoil(FIRST, at + 12);
    const damage: JournalDamage[] = [];
    const read = [...readRecords(FOLDER, { disk, hurt: (hurt) => damage.push(hurt) })];
    expect(read).toEqual([1, 3, 4].map(command));
    const bytes = Buffer.byteLength(`${second}\n`);
    expect(damage).toEqual([{ file: FIRST.slice(FOLDER.length + 1), kind: "rotten", at, bytes }]);
    const journal = open(disk);
    expect(journal.recall()).toMatchObject({ damage, lastSequence: 4 });
    journal.append(command(5));
    expect(sequences(journal)).toEqual([1, 3, 4, 5]);
  });

  it("does not overwrite what an earlier repair put beside it", () => {
    const disk = written(1);
    for (let time = 1; time <= 2; time += 1) {
      disk.put(FIRST, Buffer.concat([disk.bytes(FIRST), Buffer.from("!\n")]));
      open(disk).close();
    }
    expect(disk.paths().filter((name) => name.includes("torn"))).toEqual([
      `${FIRST}.torn-1`,
      `${FIRST}.torn-2`,
    ]);
  });

  it("situation 112: refuses what a newer version wrote, and leaves it as it was", () => {
    const disk = fakeDisk();
    const other = written(1);
    const line = other.text(FIRST).split("\n")[0] ?? "";
    const json = line.slice(9).replace('"version":2', '"version":3');
    disk.put(FIRST, Buffer.from(`${sumOf(json)} ${json}\n`));
    const before = disk.text(FIRST);
    expect(() => open(disk)).toThrow(code("journalVersion"));
    expect(disk.text(FIRST)).toBe(before);
  });
});

describe("a journal of an older version", () => {
  /** As version 1 wrote it: without a monotonic hand. */
  function old(): FakeDisk {
    const lines = [
      { cloister: "journal", version: 1, mark: "c1015700", first: 1 },
      ...[1, 2].map((sequence) => ({ ...command(sequence), monotonicMs: undefined })),
    ].map((value) => JSON.stringify(value));
    const disk = fakeDisk();
    disk.put(FIRST, Buffer.from(lines.map((json) => `${sumOf(json)} ${json}\n`).join("")));
    return disk;
  }

  it("situation 112: is read with the wall for what it did not know, and goes on in a segment of its own", () => {
    const disk = old();
    const before = disk.text(FIRST);
    const journal = open(disk, { mark: "ffffffff" });
    const known = [1, 2].map((sequence) => {
      const record = command(sequence);
      return { ...record, monotonicMs: record.atMs };
    });
    expect(journal.mark).toBe("c1015700");
    expect([...journal.recall().records]).toEqual(known);
    journal.append(command(3));
    journal.close();
    expect(disk.text(FIRST)).toBe(before);
    expect([...open(disk).recall().records]).toEqual([...known, command(3)]);
  });

  it("that took nothing yet does not stand in the way", () => {
    const disk = old();
    disk.put(FIRST, disk.bytes(FIRST).subarray(0, disk.text(FIRST).indexOf("\n") + 1));
    const journal = open(disk);
    journal.append(command(1));
    expect(sequences(journal)).toEqual([1]);
  });

  it("situation 108: is mended like any other", () => {
    const disk = old();
    disk.put(FIRST, disk.bytes(FIRST).subarray(0, -5));
    const journal = open(disk);
    expect(sequences(journal)).toEqual([1]);
    journal.append(command(2));
    expect(sequences(journal)).toEqual([1, 2]);
  });
});

describe("a journal on a disk that fails", () => {
  it.each(["ENOSPC", "EIO"])(
    "tells %s, tears nothing that is read, and goes on after it",
    (name) => {
      const disk = fakeDisk();
      const journal = open(disk);
      journal.append(command(1));
      disk.fate = ({ call, path }) => (call === "write" ? systemError(name, path) : "well");
      const thrown = outcome(() => journal.append(command(2)));
      expect(thrown).toMatchObject({ code: "journalFailed", cause: { code: name } });
      disk.fate = () => "well";
      journal.append(command(3));
      expect(sequences(journal)).toEqual([1, 3]);
      journal.close();
      expect(sequences(open(disk))).toEqual([1, 3]);
    },
  );

  it("writes on where the disk took only a part", () => {
    const disk = fakeDisk();
    disk.fate = ({ call }) => (call === "write" ? { takes: 7 } : "well");
    const journal = open(disk);
    journal.append(command(1));
    journal.append(command(2));
    expect(sequences(journal)).toEqual([1, 2]);
  });

  it("leaves a half written record behind in its segment and begins a new one", () => {
    const disk = fakeDisk();
    const journal = open(disk);
    journal.append(command(1));
    let writes = 0;
    disk.fate = ({ call, path }) => {
      if (call !== "write") return "well";
      writes += 1;
      return writes === 1 ? { takes: 9 } : systemError("ENOSPC", path);
    };
    expect(() => journal.append(command(2))).toThrow(code("journalFailed"));
    disk.fate = () => "well";
    journal.append(command(3));
    expect(sequences(journal)).toEqual([1, 3]);
    const damage: JournalDamage[] = [];
    expect([...readRecords(FOLDER, { disk, hurt: (hurt) => damage.push(hurt) })]).toHaveLength(2);
    expect(damage).toMatchObject([
      { file: FIRST.slice(FOLDER.length + 1), kind: "torn", bytes: 9 },
    ]);
  });

  it("tells with the next record what a flush of frames met", async () => {
    const disk = fakeDisk();
    const journal = open(disk);
    journal.append(command(1));
    disk.fate = ({ call, path }) => (call === "write" ? systemError("EIO", path) : "well");
    journal.append(frame(2));
    await Promise.resolve();
    disk.fate = () => "well";
    expect(() => journal.append(command(3))).toThrow(code("journalFailed"));
    journal.append(command(4));
    expect(sequences(journal)).toEqual([1, 4]);
  });

  it.each(["makeFolder", "list", "create", "read", "truncate"] as const)(
    "cannot be opened where %s fails, and leaves no lock",
    (call) => {
      const disk = written(2);
      disk.put(FIRST, Buffer.concat([disk.bytes(FIRST), Buffer.from("!")]));
      disk.fate = (seen) => {
        const fails = seen.call === call && !seen.path.includes("lock");
        return fails ? systemError("EIO", seen.path) : "well";
      };
      expect(() => open(disk)).toThrow(code("journalFailed"));
      disk.fate = () => "well";
      expect(sequences(open(disk))).toEqual([1, 2]);
    },
  );
});

describe("durability against a loss of power", () => {
  it("lets many share one sync, and tells nobody before it covers him", () => {
    const disk = fakeDisk();
    const journal = open(disk, { durability: "power" });
    const told: string[] = [];
    journal.append(command(1));
    journal.whenDurable(() => told.push("first"));
    journal.append(command(2));
    journal.whenDurable(() => told.push("second"));
    journal.whenDurable(() => told.push("third"));
    expect(told).toEqual([]);
    disk.finishSyncs();
    expect(told).toEqual(["first"]);
    disk.finishSyncs();
    expect(told).toEqual(["first", "second", "third"]);
    expect(disk.calls.filter(({ call }) => call === "syncLater")).toHaveLength(2);
  });

  it("keeps what was told durable when the power fails, and nothing is misread of the rest", () => {
    const disk = fakeDisk();
    const journal = open(disk, { durability: "power", segmentBytes: 1_024 });
    let durable = 0;
    for (let sequence = 1; sequence <= 40; sequence += 1) {
      journal.append(command(sequence));
      journal.whenDurable((error) => {
        if (error === undefined) durable = sequence;
      });
      if (sequence % 3 === 0) disk.finishSyncs();
    }
    disk.losePower("synced");
    const kept = sequences(open(disk));
    expect(durable).toBeGreaterThan(30);
    expect(kept.length).toBeGreaterThanOrEqual(durable);
    expect(kept).toEqual(kept.map((_, index) => index + 1));
  });

  it("says that a sync failed", () => {
    const disk = fakeDisk();
    const journal = open(disk, { durability: "power" });
    journal.append(command(1));
    const told: unknown[] = [];
    journal.whenDurable((error) => told.push(error?.code));
    disk.finishSyncs(systemError("EIO", FIRST));
    disk.fate = ({ call, path }) => (call === "syncLater" ? systemError("EIO", path) : "well");
    journal.whenDurable((error) => told.push(error?.code));
    expect(told).toEqual(["journalFailed", "journalFailed"]);
  });

  it.each([true, false])(
    "tells whether what was written before a write that failed is safe: the disk could sync it: %s",
    (couldSync) => {
      const disk = fakeDisk();
      const journal = open(disk, { durability: "power" });
      journal.append(command(1));
      disk.fate = ({ call, path }) => {
        const fails = call === "write" || (call === "sync" && !couldSync);
        return fails ? systemError("EIO", path) : "well";
      };
      expect(() => journal.append(command(2))).toThrow(code("journalFailed"));
      disk.fate = () => "well";
      const told: unknown[] = [];
      journal.whenDurable((error) => told.push(error?.code));
      expect(told).toEqual([couldSync ? undefined : "journalFailed"]);
      disk.losePower("synced");
      expect(sequences(open(disk))).toEqual(couldSync ? [1] : []);
    },
  );

  it("asks no sync of a journal that survives the process only", () => {
    const disk = fakeDisk();
    const journal = open(disk);
    journal.append(frame(1));
    const told: unknown[] = [];
    journal.whenDurable((error) => told.push(error));
    expect(told).toEqual([undefined]);
    expect(sequences(journal)).toEqual([1]);
    expect(disk.calls.some(({ call }) => call === "syncLater")).toBe(false);
  });
});
