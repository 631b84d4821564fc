import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { killSpawned, spawnCloister } from "./spawn-cloister.ts";
import { info, type Ready, startExchange } from "./spawn-exchange.ts";

afterEach(killSpawned);

describe("cloister proxy", () => {
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
