import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { leaveDemo } from "./leave-demo.ts";
import { killSpawned } from "./spawn-cloister.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloister-unread-"));
});
afterAll(async () => {
  killSpawned();
  await rm(folder, { recursive: true });
});

describe("cloister demo that nobody reads any more", { timeout: 20_000 }, () => {
  it("cancels every order", async () => {
    await leaveDemo(join(folder, "leaver"), ({ child }) => void child.stdout?.destroy());
  });
});
