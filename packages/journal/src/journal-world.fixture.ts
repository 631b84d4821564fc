import type { Checkpoint, CloisterError, Input, JournalRecord, Recalled } from "@cloister/model";
import { expect } from "vitest";
import type { FakeDisk } from "./disk/fake-disk.fixture.ts";
import { type FileJournal, fileJournal, type FileJournalOptions } from "./file-journal.ts";
import type { Host } from "./lock/host.ts";

export const FOLDER = "/journal";
export const FIRST = `${FOLDER}/records-000000000000001.ndjson`;

/** A machine on which whoever held the lock is dead. */
export const HOST: Host = { self: { host: "here", pid: 7 }, isAlive: () => false };

export function open(disk: FakeDisk, options: Partial<FileJournalOptions> = {}): FileJournal {
  return fileJournal(FOLDER, { disk, host: HOST, mark: "c1015700", ...options });
}

/** A record that is written before `append` returns. */
export function command(sequence: number): JournalRecord {
  const input: Input = {
    kind: "command",
    command: { kind: "halt", id: sequence, reason: `reason ${sequence}: “ü\n\u2028”` },
  };
  return { sequence, atMs: 1_700_000_000_000 + sequence, monotonicMs: sequence, input };
}

/** A record that is written with others. */
export function frame(sequence: number): JournalRecord {
  const input: Input = { kind: "venue", facts: [], raw: "{}" };
  return { sequence, atMs: 1_700_000_000_000, monotonicMs: sequence, input };
}

export function checkpointAt(sequence: number, atMs = 1_700_000_000_000): Checkpoint {
  return { sequence, atMs, monotonicMs: sequence, state: { upTo: sequence, text: "“ü\n”" } };
}

export function sequences(journal: FileJournal, after?: number): readonly number[] {
  return [...journal.records(after)].map(({ sequence }) => sequence);
}

/** Every sequence that a later life knows of, by the checkpoint or by a record. */
export function known({ checkpoint, records }: Recalled): readonly number[] {
  const covered = Array.from({ length: checkpoint?.sequence ?? 0 }, (_, index) => index + 1);
  return [...covered, ...[...records].map(({ sequence }) => sequence)];
}

export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

export function outcome(act: () => void): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

export function code(expected: CloisterError["code"]): unknown {
  return expect.objectContaining({ code: expected });
}
