import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killSpawned, spawnCloister } from "./spawn-cloister.ts";

type Tally = { readonly engine: number; readonly compared: number; readonly differences: number };
type Audit = {
  readonly agrees: boolean;
  readonly traded: boolean;
  readonly orders: Tally;
  readonly fills: Tally;
};

type Told = {
  readonly breaches: readonly unknown[];
  readonly steps: number;
  readonly faults: number;
  readonly doubts: { readonly arose: number; readonly by: readonly { readonly count: number }[] };
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloister-demo-"));
});
afterAll(async () => {
  killSpawned();
  await rm(folder, { recursive: true });
});

// At the same time, for they mostly wait.
describe.concurrent("cloister demo", { timeout: 20_000 }, () => {
  it("trades, leaves nothing open and finds no difference; --json leaves standard output to the audit", async () => {
    const demo = spawnCloister(["demo", "--seconds", "1", "--seed", "5", "--json"]);
    expect(await demo.ended).toBe(0);
    const audit: Audit = JSON.parse(demo.out());
    expect(audit).toMatchObject({ agrees: true, traded: true });
    expect(audit.orders.engine).toBeGreaterThan(20);
    expect(audit.orders.compared).toBe(audit.orders.engine);
    expect(audit.fills.engine).toBeGreaterThan(0);
    expect(demo.err()).toContain("RESULT: the engine and the exchange agree");
  });

  it("survives a storm: no difference, no rule broken, no doubt left, and it tells how each was decided", async () => {
    const demo = spawnCloister(["demo", "--faults", "storm", "--seconds", "4", "--json"]);
    expect([await demo.ended, demo.err().includes("BROKEN")]).toEqual([0, false]);
    const told: Audit & Told = JSON.parse(demo.out());
    expect(told).toMatchObject({ agrees: true, traded: true, breaches: [], doubts: { open: 0 } });
    expect(told.steps).toBeGreaterThan(100);
    expect(told.faults).toBeGreaterThan(10);
    const decided = told.doubts.by.reduce((sum, { count }) => sum + count, 0);
    expect(decided).toBe(told.doubts.arose);
    expect(demo.err()).toMatch(/weather storm, \d+ faults/);
    expect(demo.err()).toMatch(/weather calm, \d+ faults/);
    expect(demo.err()).toMatch(/^DOUBTS \d+ arose, \d+ were decided, 0 are open/m);
  });

  it("refuses a plan that is none in one line", async () => {
    const demo = spawnCloister(["demo", "--faults", join(folder, "nothing.yaml")]);
    expect(await demo.ended).toBe(2);
    expect(demo.err()).toMatch(/^cloister demo: --faults .*nothing\.yaml: .*\n$/);
  });

  it("cancels every order at Ctrl-C, and then compares the books", async () => {
    const demo = spawnCloister(["demo", "--seconds", "600"]);
    await demo.heard(/fills [1-9]/);
    demo.child.kill("SIGINT");
    expect(await demo.ended).toBe(0);
    expect(demo.out()).toContain("live none");
    expect(demo.out()).toContain("RESULT: the engine and the exchange agree");
  });

  it("ends at once at the second Ctrl-C", async () => {
    const demo = spawnCloister(["demo", "--seconds", "600"]);
    await demo.heard(/fills [1-9]/);
    demo.child.kill("SIGINT");
    await demo.heard(/stopping/);
    demo.child.kill("SIGINT");
    expect(await demo.ended).toBe(130);
  });

  it("trades at an exchange in another process, and reads its books over REST", async () => {
    const exchange = spawnCloister(["exchange", "--port", "0", "--seed", "3"]);
    const ready: { http: string; accounts: { privateKey: string }[] } = JSON.parse(
      await exchange.heard(/\n/),
    );
    const keyFile = join(folder, "key");
    const key = ready.accounts[0]?.privateKey ?? "";
    await writeFile(keyFile, `${key}\n`, { mode: 0o600 });
    const args = ["demo", "--seconds", "1", "--exchange", ready.http, "--key-file", keyFile];
    const demo = spawnCloister(args);
    expect(await demo.ended).toBe(0);
    expect(demo.out()).toContain("RESULT: the engine and the exchange agree");
    expect(demo.out() + demo.err()).not.toContain(key.slice(2));
    expect(demo.err()).toBe("");
  });

  it("names a key that may not trade for the account", async () => {
    const exchange = spawnCloister(["exchange", "--port", "0"]);
    const ready: { http: string; accounts: { address: string }[] } = JSON.parse(
      await exchange.heard(/\n/),
    );
    const keyFile = join(folder, "stranger");
    await writeFile(keyFile, "11".repeat(32), { mode: 0o600 });
    const args = ["demo", "--exchange", ready.http, "--key-file", keyFile];
    const demo = spawnCloister([...args, "--account", ready.accounts[0]?.address ?? ""]);
    expect(await demo.ended).toBe(1);
    expect(demo.err()).toMatch(/^cloister demo: wrong(Key|Account): /);
  });
});
