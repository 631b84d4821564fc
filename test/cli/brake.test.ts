import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "@cloister/engine";
import { hyperliquid, privateKeySigner } from "@cloister/hyperliquid";
import { readRecords } from "@cloister/journal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killSpawned, spawnCloister } from "./spawn-cloister.ts";
import { info, type Ready, startExchange } from "./spawn-exchange.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloister-brake-"));
});
afterAll(async () => {
  killSpawned();
  await rm(folder, { recursive: true });
});

async function cloister(...args: readonly string[]): Promise<{ code: number | null; out: string }> {
  const spawned = spawnCloister(args);
  const code = await spawned.ended;
  return { code, out: `${spawned.out()}${spawned.err()}` };
}

async function openOrders(ready: Ready): Promise<unknown> {
  return info(ready, { type: "frontendOpenOrders", user: ready.accounts[0]?.address, dex: "" });
}

/** A demo that trades at an exchange in another process, under a journal. */
async function trading(name: string) {
  const { ready } = await startExchange();
  const keyFile = join(folder, `${name}.key`);
  await writeFile(keyFile, ready.accounts[0]?.privateKey ?? "", { mode: 0o600 });
  const journal = join(folder, name);
  const args = ["--exchange", ready.http, "--key-file", keyFile, "--journal", journal];
  const demo = spawnCloister(["demo", "--seconds", "600", ...args]);
  await demo.heard(/fills [1-9]/);
  return { ready, journal, demo, args };
}

describe.concurrent("the operator's brake", { timeout: 30_000 }, () => {
  it("asks, halts, cancels and resumes an engine in another process", async () => {
    const { ready, journal, demo } = await trading("braked");
    const status = await cloister("status", "--journal", journal);
    expect(status).toMatchObject({ code: 0, out: expect.stringContaining("brake     released") });
    expect(status.out).toMatch(/^orders {4}\w+ \d/m);
    const halted = await cloister("halt", "--journal", journal, "--reason", "drill", "--cancel");
    expect(halted).toMatchObject({ code: 0, out: expect.stringContaining("brake     halted") });
    const swept = await cloister("cancel-all", "--journal", journal, "--json");
    expect(swept).toMatchObject({ code: 0, out: expect.stringContaining('"unresolved":[]') });
    expect(await openOrders(ready)).toEqual([]);
    const resumed = await cloister("resume", "--journal", journal, "--json");
    expect(resumed.code).toBe(0);
    expect(JSON.parse(resumed.out)).toMatchObject({ brake: "released" });
    demo.child.kill("SIGINT");
    await demo.ended;
    const inputs = [...readRecords(journal)].map(({ input }) => input);
    const commands = inputs.flatMap((input) => (input.kind === "command" ? [input.command] : []));
    expect(commands).toContainEqual(
      expect.objectContaining({ kind: "halt", reason: "drill", cancel: true }),
    );
    expect(await readdir(journal)).not.toContain("brake.sock");
  });

  it("cancels at the venue itself what an engine left that is gone", async () => {
    const { ready } = await startExchange();
    const [account] = ready.accounts;
    const keyFile = join(folder, "left.key");
    await writeFile(keyFile, account?.privateKey ?? "", { mode: 0o600 });
    const { http, ws } = ready;
    const venue = hyperliquid({
      network: { http, ws, signatures: "testnet" },
      account: account?.address ?? "",
      signer: privateKeySigner(account?.privateKey ?? ""),
    });
    const engine = await createEngine({ venue });
    const spec = { coin: "BTC", side: "buy", size: "0.001", tif: "Alo" } as const;
    const orders = ["50000", "51000"].map((price) => engine.place({ ...spec, price }));
    for (const order of orders) {
      expect(await order.acknowledged).toMatchObject({ kind: "accepted" });
    }
    await engine.close({ orders: "leave" });
    const at = ["--network", http, "--key-file", keyFile, "--json"];
    const others = await cloister("cancel-all", ...at, "--mark", "00000000");
    expect(others.code).toBe(0);
    expect(JSON.parse(others.out)).toEqual({ seen: 0, left: [], isClean: true });
    expect(await openOrders(ready)).toHaveLength(2);
    const swept = await cloister("cancel-all", ...at, "--mark", engine.mark);
    expect(JSON.parse(swept.out)).toEqual({ seen: 2, left: [], isClean: true });
    expect(await openOrders(ready)).toEqual([]);
  });

  it("a demo that was killed goes on with its journal, and both books agree over both lives", async () => {
    const { args, demo } = await trading("twice");
    demo.child.kill("SIGKILL");
    await demo.ended;
    const later = await cloister("demo", "--seconds", "1", ...args);
    expect(later.out).toMatch(/^\d+ orders of earlier lives are not compared$/m);
    expect(later).toMatchObject({ code: 0, out: expect.stringContaining("agree") });
  });

  it("refuses a journal of another exchange for the demo's own", async () => {
    const journal = join(folder, "own");
    const first = await cloister("demo", "--seconds", "1", "--journal", journal);
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining("agree") });
    const second = await cloister("demo", "--seconds", "1", "--journal", journal);
    expect(second).toMatchObject({ code: 2, out: expect.stringContaining("another exchange") });
  });
});
