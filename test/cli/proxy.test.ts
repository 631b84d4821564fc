import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { killSpawned, spawnCloister } from "./spawn-cloister.ts";
import { info, type Ready, startExchange } from "./spawn-exchange.ts";

afterEach(killSpawned);

const PLAN = `seed: 3
faults:
  - { what: delayFrame, ms: 40, when: { every: 15 } }
  - { what: duplicateFrame, when: { every: 10 } }
  - { what: loseAnswer, when: { every: 7 }, to: { type: order } }
`;

/** How often each fault fired, as a proxy's control tells. */
async function fired(control: string): Promise<number[]> {
  const asked = request(`${control}/faults`).end();
  const [answer] = await once(asked, "response");
  let text = "";
  for await (const part of answer) text += String(part);
  const told: { fired: number[] } = JSON.parse(text);
  return told.fired;
}

describe("cloister proxy", { timeout: 20_000 }, () => {
  it("stands between our engine and an exchange, mistreats both, and their books agree", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cloister-proxy-"));
    const { ready } = await startExchange("--seed", "3");
    const [plan, key] = [join(folder, "plan.yaml"), join(folder, "key")];
    await writeFile(plan, PLAN);
    await writeFile(key, ready.accounts[0]?.privateKey ?? "", { mode: 0o600 });
    const args = ["--upstream", ready.http, "--port", "0", "--control", "0", "--faults", plan];
    const proxy = spawnCloister(["proxy", ...args]);
    const at: { http: string; control: string } = JSON.parse(await proxy.heard(/\n/));
    const trade = ["--seconds", "2", "--exchange", at.http, "--key-file", key];
    const demo = spawnCloister(["demo", ...trade]);
    expect([await demo.ended, demo.err()]).toEqual([0, ""]);
    expect(demo.out()).toContain("RESULT: the engine and the exchange agree");
    expect(Math.min(...(await fired(at.control)))).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
  });

  it("stands between a client and an exchange, each a process of its own, and ends on SIGTERM", async () => {
    const exchange = await startExchange();
    const proxy = spawnCloister(["proxy", "--upstream", exchange.ready.http, "--port", "0"]);
    const ready: Ready = JSON.parse(await proxy.heard(/\n/));
    const asked = { type: "l2Book", coin: "BTC" };
    expect(await info(ready, asked)).toMatchObject({ coin: "BTC" });
    const socket = new WebSocket(ready.ws);
    await once(socket, "open");
    const heard = once(socket, "message");
    socket.send('{"method":"ping"}');
    expect(String((await heard)[0])).toBe('{"channel":"pong"}');
    const closed = once(socket, "close");
    exchange.child.kill("SIGTERM");
    await closed;
    expect(await info(ready, asked).catch(() => "no JSON")).toBe("no JSON");
    proxy.child.kill("SIGTERM");
    expect(await proxy.ended).toBe(0);
    expect([proxy.err(), proxy.out().trimEnd().split("\n").length]).toEqual(["", 1]);
  });

  it("says in one line that a port is taken, and ends with 1", async () => {
    const { ready } = await startExchange();
    const { port } = new URL(ready.http);
    const second = spawnCloister(["proxy", "--upstream", ready.http, "--port", port]);
    expect(await second.ended).toBe(1);
    expect(second.out()).toBe("");
    expect(second.err()).toMatch(/^cloister proxy: .*EADDRINUSE.*\n$/);
  });
});
