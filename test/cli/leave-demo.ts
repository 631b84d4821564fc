import { writeFile } from "node:fs/promises";
import { expect } from "vitest";
import { type Spawned, spawnCloister } from "./spawn-cloister.ts";
import { info, startExchange } from "./spawn-exchange.ts";

/** Lets a demo trade at an exchange in another process, leaves it in some way, and looks that nothing stays open. */
export async function leaveDemo(keyFile: string, leave: (demo: Spawned) => void): Promise<void> {
  const { ready } = await startExchange();
  const account = ready.accounts[0];
  await writeFile(keyFile, account?.privateKey ?? "", { mode: 0o600 });
  const args = ["demo", "--seconds", "600", "--exchange", ready.http, "--key-file", keyFile];
  const demo = spawnCloister(args);
  await demo.heard(/fills [1-9]/);
  leave(demo);
  expect(await demo.ended).toBe(0);
  const asked = { type: "frontendOpenOrders", user: account?.address, dex: "" };
  expect(await info(ready, asked)).toEqual([]);
}
