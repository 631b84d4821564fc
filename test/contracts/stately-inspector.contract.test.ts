import { once } from "node:events";
import { createWebSocketInspector } from "@statelyai/inspect";
import { describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { settle, world } from "../simulation/world.ts";

type Told = {
  readonly type: string;
  readonly name?: string;
  readonly definition?: string;
  readonly snapshot?: { readonly value?: unknown };
};

/** What an inspector on a real socket is told until somebody has heard enough. */
async function listening(): Promise<{
  url: string;
  told: Told[];
  until: (enough: () => boolean) => Promise<void>;
  close: () => void;
}> {
  const told: Told[] = [];
  const waiting = new Set<() => void>();
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("connection", (socket) =>
    socket.on("message", (data: Buffer) => {
      const message: Told = JSON.parse(data.toString());
      told.push(message);
      for (const check of waiting) check();
    }),
  );
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const until = (enough: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!enough()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { url: `ws://127.0.0.1:${address.port}`, told, until, close: () => server.close() };
}

describe("the Stately inspector", () => {
  it("attaches to every actor of an engine", async () => {
    const { url, told, until, close } = await listening();
    const inspector = createWebSocketInspector({ url });
    const { clock, engine } = await world({
      exchange: { crowd: false },
      engine: { inspect: inspector.inspect },
    });
    const order = engine.place({
      coin: "BTC",
      side: "buy",
      price: "50000",
      size: "0.001",
      tif: "Gtc",
    });
    await settle(clock, order.acknowledged);
    await settle(clock, order.cancel());
    const snapshots = (value: string) =>
      told.filter(({ type, snapshot }) => type === "@xstate.snapshot" && snapshot?.value === value);
    await until(() => snapshots("canceled").length > 0 && snapshots("settled").length > 0);
    const actors = told.filter(({ type }) => type === "@xstate.actor");
    expect(actors.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "supervisor",
        order.cloid,
        expect.stringMatching(/^place-/),
        expect.stringMatching(/^cancel-/),
      ]),
    );
    const drawn = actors.find(({ name }) => name === order.cloid)?.definition ?? "{}";
    const chart: { states: Record<string, unknown> } = JSON.parse(drawn);
    expect(Object.keys(chart.states)).toContain("partiallyFilled");
    expect(snapshots("resting").length).toBeGreaterThan(0);
    inspector.stop();
    close();
    await settle(clock, engine.close());
  });
});
