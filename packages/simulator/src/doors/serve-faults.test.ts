import { once } from "node:events";
import { seededRandom } from "@cloister/model";
import { afterEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createExchange, type Exchange } from "../exchange.ts";
import { readFaultPlan } from "../faults/fault-plan.ts";
import { faultsOf } from "../faults/planned-faults.ts";
import { type Served, serveExchange } from "./serve.ts";
import { systemClock } from "./system-clock.ts";

/** The same plan that misbehaves in memory, over real sockets. */

let exchange: Exchange;
let served: Served;

async function serveWith(...faults: object[]): Promise<void> {
  const clock = systemClock();
  exchange = createExchange({ clock, random: seededRandom(1), accounts: [], blockMs: 10 });
  served = await serveExchange(exchange, {
    faults: faultsOf(readFaultPlan({ faults }), { clock }),
  });
}

afterEach(async () => {
  exchange.close();
  await served.close();
});

type Client = { socket: WebSocket; heard: string[]; closed: Promise<unknown[]> };

async function connect(): Promise<Client> {
  const socket = new WebSocket(served.ws);
  const heard: string[] = [];
  socket.on("message", (data: Buffer) => {
    const { channel } = JSON.parse(data.toString("utf8")) as { channel: string };
    heard.push(channel);
  });
  const closed = once(socket, "close");
  await once(socket, "open");
  return { socket, heard, closed };
}

const ping = ({ socket }: Client): void => socket.send('{"method":"ping"}');
const read = (socket: WebSocket): void =>
  socket.send('{"method":"post","id":1,"request":{"type":"info","payload":{"type":"meta"}}}');

/** `signal`: only who expects no answer gives up on one. */
async function meta(
  signal: AbortSignal | null = null,
): Promise<{ status: number; type: string | null; body: string }> {
  const answer = await fetch(`${served.http}/info`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"type":"meta"}',
    signal,
  });
  const type = answer.headers.get("content-type");
  return { status: answer.status, type, body: await answer.text() };
}

it("repeats, reorders and loses frames", async () => {
  await serveWith(
    { what: "duplicateFrame", to: { channel: "pong" }, times: 1 },
    { what: "reorderFrames", to: { channel: "post" }, times: 1 },
    { what: "loseFrame", to: { channel: "error" } },
  );
  const client = await connect();
  ping(client);
  client.socket.send("nonsense");
  read(client.socket);
  ping(client);
  await expect.poll(() => client.heard).toEqual(["pong", "pong", "pong", "post"]);
});

it("delays a frame past the next one", async () => {
  await serveWith({ what: "delayFrame", ms: 40, to: { channel: "post" } });
  const client = await connect();
  read(client.socket);
  ping(client);
  await expect.poll(() => client.heard).toEqual(["pong", "post"]);
});

it.each([1000, 1012, 1006])("ends the connection with %i", async (code) => {
  await serveWith({ what: "disconnect", code, to: { channel: "pong" } });
  const client = await connect();
  ping(client);
  expect((await client.closed)[0]).toBe(code);
  expect(client.heard).toEqual([]);
});

it("goes half-open for one socket while another lives", async () => {
  await serveWith({ what: "halfOpen", ms: 150, to: { channel: "pong" }, times: 1 });
  const [dead, alive] = [await connect(), await connect()];
  ping(dead);
  read(dead.socket);
  read(alive.socket);
  await expect.poll(() => alive.heard).toEqual(["post"]);
  const again = (): number => {
    ping(dead);
    return dead.heard.length;
  };
  await expect.poll(again).toBeGreaterThan(0);
  expect(dead.heard).not.toContain("post");
});

it("answers HTTP like a proxy in trouble, cuts it, loses it, and then as ever", async () => {
  await serveWith(
    { what: "httpStatus", status: 502, body: "html", times: 1 },
    { what: "httpStatus", status: 429, body: "null", executed: true, times: 1 },
    { what: "disconnect", to: { path: "/info" }, times: 1 },
    { what: "loseAnswer", times: 1 },
    { what: "delayAnswer", ms: 20, times: 1 },
  );
  expect(await meta()).toMatchObject({
    status: 502,
    type: "text/html",
    body: expect.stringMatching(/^<html>/) as string,
  });
  expect(await meta()).toEqual({ status: 429, type: "application/json", body: "null" });
  await expect(meta()).rejects.toThrow("fetch failed");
  await expect(meta(AbortSignal.timeout(250))).rejects.toMatchObject({ name: "TimeoutError" });
  expect(await meta()).toMatchObject({ status: 200 });
  expect(await meta()).toMatchObject({ status: 200 });
});

const listed = (type: string): object => ({
  method: "post",
  id: 1,
  request: { type: "info", payload: { type } },
});

it("what is asked again comes twice, and a slow socket takes its time", async () => {
  await serveWith(
    { what: "echoFrame", ms: 30, to: { channel: "pong" }, times: 1 },
    { what: "slowSocket", bytesPerSecond: 200, to: { channel: "pong" }, times: 1 },
  );
  const client = await connect();
  ping(client);
  await expect.poll(() => client.heard).toEqual(["pong", "pong"]);
  ping(client);
  client.socket.send("nonsense");
  await expect.poll(() => client.heard).toEqual(["pong", "pong", "pong", "error"]);
});

it("reads lag, pages are cut, and a post is answered with a status, as in memory", async () => {
  await serveWith(
    { what: "lagReads", ms: 20_000, to: { type: "exchangeStatus" } },
    { what: "truncatePage", keep: 1, to: { type: "perpDexs" } },
    { what: "postError", text: "429 Too Many Requests: null", to: { type: "meta" } },
  );
  const { socket } = await connect();
  const texts: string[] = [];
  socket.on("message", (data: Buffer) => texts.push(data.toString("utf8")));
  const time = async (): Promise<unknown> => {
    texts.length = 0;
    socket.send(JSON.stringify(listed("exchangeStatus")));
    await expect.poll(() => texts).toHaveLength(1);
    return texts[0];
  };
  const before = await time();
  await systemPause(40);
  expect(await time()).toEqual(before);
  for (const type of ["perpDexs", "meta"]) socket.send(JSON.stringify(listed(type)));
  await expect.poll(() => texts).toHaveLength(3);
  expect(JSON.parse(texts[1] ?? "")).toMatchObject({
    data: { response: { payload: { data: [null] } } },
  });
  expect(JSON.parse(texts[2] ?? "")).toMatchObject({
    data: { response: { type: "error", payload: "429 Too Many Requests: null" } },
  });
});

it("what the exchange itself suffers ends with its door", async () => {
  await serveWith({ what: "limits", limits: { restWeight: 0 } });
  await expect.poll(async () => (await meta()).status).toBe(429);
  await served.close();
  served = await serveExchange(exchange);
  await expect.poll(async () => (await meta()).status).toBe(200);
});

/** The exchange's own clock is the real one here. */
async function systemPause(ms: number): Promise<void> {
  await new Promise<void>((done) => {
    systemClock().after(ms, done);
  });
}
