import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killSpawned, spawnCloister } from "./spawn-cloister.ts";
import { info, type Ready, startExchange } from "./spawn-exchange.ts";

let folder = "";
let usual: ReturnType<typeof startExchange>;
beforeAll(async () => {
  usual = startExchange("--accounts", "2");
  folder = await mkdtemp(join(tmpdir(), "cloister-probe-"));
});
afterAll(async () => {
  killSpawned();
  await rm(folder, { recursive: true });
});

const ONLY = ["--only", "too-low,modify-updates,growing-oids,post-error"];

type Probed = {
  readonly key: string;
  /** The arguments to probe it. */
  readonly probe: readonly string[];
  readonly openOrders: () => Promise<unknown>;
};

/** An account of an exchange, to be probed. */
async function probed(ready: Ready, index = 0): Promise<Probed> {
  const { address = "", privateKey: key = "" } = ready.accounts[index] ?? {};
  const file = join(folder, address);
  await writeFile(file, key, { mode: 0o600 });
  return {
    key,
    probe: ["probe", "--network", ready.http, "--key-file", file],
    openOrders: () => info(ready, { type: "frontendOpenOrders", user: address, dex: "" }),
  };
}

// At the same time, for they mostly wait.
describe.concurrent("cloister probe", { timeout: 20_000 }, () => {
  it("finds an exchange of default rules as assumed, and leaves nothing open", async () => {
    const { key, probe, openOrders } = await probed((await usual).ready);
    const ran = spawnCloister([...probe, ...ONLY]);
    expect([await ran.ended, ran.out().includes("differs   §")]).toEqual([0, false]);
    expect(ran.out()).toMatch(/measured +§7\.5 +too-low/);
    expect(ran.out()).toMatch(/nothing is left open\nRESULT: 4 measured, \d+ assumed, 0 differ\n$/);
    expect(ran.out() + ran.err()).not.toContain(key.slice(2));
    expect(await openOrders()).toEqual([]);
  });

  it("says what differs, and ends with 1; --json keeps standard output to the report", async () => {
    const rules = join(folder, "rules.json");
    await writeFile(rules, '{"modifyUpdates":"canceledFirst"}');
    const { ready } = await startExchange("--rules", rules);
    const { probe, openOrders } = await probed(ready);
    const ran = spawnCloister([...probe, ...ONLY, "--json"]);
    expect(await ran.ended).toBe(1);
    const report: { rows: { verdict: string; assumption: { id: string } }[]; left: string[] } =
      JSON.parse(ran.out());
    const differs = report.rows.filter(({ verdict }) => verdict === "differs");
    expect(differs.map(({ assumption }) => assumption.id)).toEqual(["modify-updates"]);
    expect([report.left, await openOrders()]).toEqual([[], []]);
  });

  it("takes away what it placed at Ctrl-C", async () => {
    const { probe, openOrders } = await probed((await usual).ready, 1);
    const ran = spawnCloister([
      ...probe,
      "--only",
      "growing-oids,full-push,latest-cloid,kept-cloid",
    ]);
    await ran.said(/latest-cloid/);
    expect(await openOrders()).not.toEqual([]);
    ran.child.kill("SIGINT");
    expect(await ran.ended).toBe(130);
    expect(ran.out()).toContain("nothing is left open");
    expect(await openOrders()).toEqual([]);
  });

  it("is in trouble where nobody listens", async () => {
    const file = join(folder, "key");
    await writeFile(file, "11".repeat(32), { mode: 0o600 });
    const nobody = spawnCloister(["probe", "--network", "http://127.0.0.1:1", "--key-file", file]);
    expect(await nobody.ended).toBe(2);
    expect(nobody.err()).toContain("cloister probe: the socket did not open");
  });
});
