import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leaveDemo } from "./leave-demo.ts";
import { killSpawned, spawnCloister } from "./spawn-cloister.ts";
import { startExchange } from "./spawn-exchange.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloister-trouble-"));
});
afterAll(async () => {
  killSpawned();
  await rm(folder, { recursive: true });
});

describe.concurrent("cloister demo in trouble", { timeout: 20_000 }, () => {
  it("cancels every order when its terminal hangs up", async () => {
    await leaveDemo(join(folder, "leaver"), ({ child }) => void child.kill("SIGHUP"));
  });

  it("ends at the first Ctrl-C while the exchange does not answer yet", async () => {
    const mute = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(mute, "listening");
    const address = mute.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const keyFile = join(folder, "early");
    await writeFile(keyFile, "11".repeat(32), { mode: 0o600 });
    const demo = spawnCloister([
      ...["demo", "--exchange", `http://127.0.0.1:${port}`],
      ...["--key-file", keyFile],
    ]);
    await demo.heard(/exchange at/);
    demo.child.kill("SIGINT");
    expect(await demo.ended).toBe(130);
    expect(demo.out()).toContain("nothing was placed");
    mute.close();
  });

  it("says why every order was refused", async () => {
    const { ready } = await startExchange("--network", "mainnet");
    const keyFile = join(folder, "elsewhere");
    await writeFile(keyFile, ready.accounts[0]?.privateKey ?? "", { mode: 0o600 });
    const args = ["demo", "--seconds", "1", "--exchange", ready.http, "--key-file", keyFile];
    const demo = spawnCloister(args);
    expect(await demo.ended).toBe(1);
    expect(demo.out()).toMatch(/^orders refused \(wrongNetwork\): \d+$/m);
    expect(demo.out()).toContain("RESULT: nothing was traded, so nothing was proved");
    expect(demo.out()).not.toContain("agree");
  });

  it("names the file whose digits are no key", async () => {
    const keyFile = join(folder, "zero");
    await writeFile(keyFile, "00".repeat(32), { mode: 0o600 });
    const demo = spawnCloister(["demo", "--exchange", "http://127.0.0.1:1", "--key-file", keyFile]);
    expect(await demo.ended).toBe(2);
    expect(demo.err()).toContain(`--key-file ${keyFile} does not hold a valid private key`);
  });
});
