import { describe, it } from "vitest";
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
});
