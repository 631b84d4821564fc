import { type Input, type JournalRecord, parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { memoryJournal } from "./memory-journal.ts";

function record(sequence: number, input: Input): JournalRecord {
  return { sequence, atMs: 1_700_000_000_000 + sequence, monotonicMs: sequence, input };
}

const HALT: Input = { kind: "command", command: { kind: "halt", id: 1, reason: "test" } };

describe("a journal in memory", () => {
  it("gives back what it took, exact decimals included", () => {
    const journal = memoryJournal({ mark: "C10157E5" });
    const size = parseDecimal("123456789012345678.123456789012");
    const input: Input = {
      kind: "command",
      command: {
        kind: "modify",
        id: 2,
        cloid: JSON.parse('"0x000000000000000000000000000000a1"'),
        leaves: size,
        expiresAfterMs: 10,
      },
    };
    journal.append(record(1, HALT));
    journal.append(record(2, input));
    expect(journal.mark).toBe("c10157e5");
    expect(journal.records()).toEqual([record(1, HALT), record(2, input)]);
  });

  it("keeps the newest records when it is full", () => {
    const journal = memoryJournal({ mark: "00000001", recordsMax: 3 });
    for (let sequence = 1; sequence <= 10; sequence += 1) journal.append(record(sequence, HALT));
    expect(journal.records().map(({ sequence }) => sequence)).toEqual([8, 9, 10]);
  });

  it("is open for a later life, which begins at the newest checkpoint", () => {
    const journal = memoryJournal({ mark: "00000001" });
    expect(journal.recall()).toEqual({ records: [], damage: [], lastSequence: 0 });
    journal.append(record(1, HALT));
    const state = { orders: ["a"] };
    journal.checkpoint({ sequence: 1, atMs: 7, monotonicMs: 3, state });
    state.orders.push("b");
    journal.append(record(2, HALT));
    const later = journal.reopen();
    expect(() => journal.append(record(3, HALT))).toThrow("closed");
    expect(later.mark).toBe("00000001");
    expect(later.recall()).toEqual({
      checkpoint: { sequence: 1, atMs: 7, monotonicMs: 3, state: { orders: ["a"] } },
      records: [record(2, HALT)],
      damage: [],
      lastSequence: 2,
    });
    const told: unknown[] = [];
    later.whenDurable((error) => told.push(error));
    expect(told).toEqual([undefined]);
  });

  it("refuses what is not JSON, and everything once it is closed", () => {
    const journal = memoryJournal({ mark: "00000001" });
    const bad: Input = { kind: "venue", facts: [], raw: JSON.parse("null") };
    Object.assign(bad, { raw: 1n });
    expect(() => journal.append(record(1, bad))).toThrow(
      expect.objectContaining({ code: "journalFailed" }),
    );
    journal.close();
    expect(() => journal.append(record(2, HALT))).toThrow(
      expect.objectContaining({ code: "journalFailed" }),
    );
  });

  it("refuses a mark that is not one", () => {
    expect(() => memoryJournal({ mark: "xyz" })).toThrow(
      expect.objectContaining({ code: "invalidOption" }),
    );
  });
});
