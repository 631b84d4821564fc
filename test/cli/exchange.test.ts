import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { killSpawned, spawnCloister } from "./spawn-cloister.ts";
import { info, startExchange } from "./spawn-exchange.ts";

afterEach(killSpawned);

describe("cloister exchange", () => {
  it("prints one line of JSON, serves both doors on loopback, and ends cleanly on SIGTERM", async () => {
    const { ready, child, ended, out, err } = await startExchange("--accounts", "2");
    expect(ready).toEqual({
      http: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      ws: `${ready.http.replace("http", "ws")}/ws`,
      network: "testnet",
      accounts: [1, 2].map(() => ({
        address: expect.stringMatching(/^0x[0-9a-f]{40}$/),
        privateKey: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      })),
    });
    const user = ready.accounts[0]?.address;
    expect(await info(ready, { type: "userRole", user })).toEqual({ role: "user" });
    expect(await info(ready, { type: "l2Book", coin: "BTC" })).toMatchObject({
      levels: [
        expect.arrayContaining([expect.anything()]),
        expect.arrayContaining([expect.anything()]),
      ],
    });
    const socket = new WebSocket(ready.ws);
    await once(socket, "open");
    const closed = once(socket, "close");
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    await closed;
    expect(out().trimEnd()).not.toContain("\n");
    expect(err()).toBe("");
  });

  it("makes the same accounts of the same seed", async () => {
    const [first, second, other] = await Promise.all([
      startExchange("--seed", "7"),
      startExchange("--seed", "7", "--network", "mainnet"),
      startExchange("--seed", "8"),
    ]);
    expect(first.ready.accounts).toEqual(second.ready.accounts);
    expect(first.ready.accounts).not.toEqual(other.ready.accounts);
    expect(second.ready.network).toBe("mainnet");
    for (const { child, ended } of [first, second, other]) {
      child.kill("SIGINT");
      expect(await ended).toBe(0);
    }
  });

  it("holds the venue's rate limits, and lifts them when it is told", async () => {
    const refused = async (...args: readonly string[]): Promise<number> => {
      const { ready } = await startExchange(...args);
      const user = ready.accounts[0]?.address;
      const asked = Array.from({ length: 21 }, () => info(ready, { type: "userRole", user }));
      return (await Promise.all(asked)).filter((answer) => answer === null).length;
    };
    expect(await Promise.all([refused(), refused("--limits", "off")])).toEqual([1, 0]);
  });

  it("says in one line that a port is taken, and ends with 1", async () => {
    const { ready } = await startExchange();
    const second = spawnCloister(["exchange", "--port", new URL(ready.http).port]);
    expect(await second.ended).toBe(1);
    expect(second.out()).toBe("");
    expect(second.err()).toMatch(/^cloister exchange: .*EADDRINUSE.*\n$/);
  });
});
