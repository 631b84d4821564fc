import { describe, expect, it } from "vitest";
import { fakeDisk } from "./disk/fake-disk.fixture.ts";
import { checkpointAt, command, FIRST, FOLDER, HOST, open, upTo } from "./journal-world.fixture.ts";
import { surveyJournal } from "./survey-journal.ts";

const NAME = FIRST.slice(FOLDER.length + 1);

describe("a survey of a journal", () => {
  it("tells what there is while a process writes, whose last line may not be finished", () => {
    const disk = fakeDisk();
    const journal = open(disk);
    for (const sequence of upTo(5)) journal.append(command(sequence));
    journal.checkpoint(checkpointAt(5));
    disk.put(FIRST, Buffer.concat([disk.bytes(FIRST), Buffer.from("1234")]));
    const seen: number[] = [];
    const before = disk.paths();
    const host = { ...HOST, isAlive: () => true };
    const survey = surveyJournal(FOLDER, {
      disk,
      host,
      onRecord: ({ sequence }) => seen.push(sequence),
    });
    expect(survey).toMatchObject({
      mark: "c1015700",
      segments: [{ file: NAME, records: 5 }],
      checkpoints: [{ sequence: 5 }],
      firstSequence: 1,
      lastSequence: 5,
      missing: [],
      damage: [],
      aside: [],
      writer: { host: "here", pid: 7 },
    });
    expect(seen).toEqual(upTo(5));
    expect(disk.paths()).toEqual(before);
    const dead = surveyJournal(FOLDER, { disk, host: HOST });
    expect(dead).toMatchObject({ damage: [{ kind: "torn", bytes: 4 }], writer: undefined });
  });

  it("tells what rotted and what is missing", () => {
    const disk = fakeDisk();
    const journal = open(disk);
    for (const sequence of [1, 2, 3, 6, 7]) journal.append(command(sequence));
    journal.close();
    disk.spoil(FIRST, disk.text(FIRST).indexOf("reason 2"));
    expect(surveyJournal(FOLDER, { disk, host: HOST })).toMatchObject({
      damage: [{ file: NAME, kind: "rotten" }],
      missing: [
        { from: 2, to: 2 },
        { from: 4, to: 5 },
      ],
    });
  });

  it("misses nothing that a checkpoint has, and what was before the first record without one", () => {
    const disk = fakeDisk();
    const journal = open(disk);
    for (const sequence of [3, 4, 6, 7]) journal.append(command(sequence));
    expect(surveyJournal(FOLDER, { disk, host: HOST }).missing).toEqual([
      { from: 1, to: 2 },
      { from: 5, to: 5 },
    ]);
    journal.checkpoint(checkpointAt(6));
    expect(surveyJournal(FOLDER, { disk, host: HOST }).missing).toEqual([]);
  });
});
