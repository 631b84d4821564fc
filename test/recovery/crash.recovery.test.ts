import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileJournal } from "@cloister/journal";
import { describe, it, onTestFinished } from "vitest";
import { liveAndDie } from "./crash-storm.fixture.ts";

/** Crashes at injected boundaries: nothing may be lost, doubled or booked twice, whenever the process dies. */
describe("killed again and again", () => {
  it.each(["record", "recorded", "send", "sent", "heard"] as const)(
    "situation 104, 105: around the boundary %s",
    async (only) => {
      await liveAndDie({ seed: 7, deaths: 2, only });
    },
  );

  it.each([1, 2, 3])("situation 127: anywhere, seed %i", async (seed) => {
    await liveAndDie({ seed, deaths: 3 });
  });

  it("situation 127: anywhere, with its journal in files", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cloister-crash-"));
    const journal = fileJournal(folder);
    // After what is asserted at the end, which reads it.
    onTestFinished(() => {
      journal.close();
      rmSync(folder, { recursive: true });
    });
    await liveAndDie({ seed: 11, deaths: 3, journal });
  });
});
