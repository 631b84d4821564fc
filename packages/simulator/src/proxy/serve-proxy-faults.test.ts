import { expect, it } from "vitest";
import { WebSocket } from "ws";
import {
  type Client,
  connect,
  type Endpoint,
  openEndpoint,
  openProxy,
  post,
} from "./serve-proxy.fixture.ts";

/** Each fault of a network, between a client and an endpoint that knows nothing of it. */

const ME = "0x1111111111111111111111111111111111111111";
const YOU = "0x2222222222222222222222222222222222222222";

type Line = { client: Client; far: WebSocket; endpoint: Endpoint };

async function openLine(...faults: object[]): Promise<Line> {
  const endpoint = await openEndpoint();
  const client = await connect((await openProxy(endpoint.http, faults)).ws);
  const [far] = endpoint.sockets;
  if (far === undefined) throw new Error("nobody came");
  return { client, far, endpoint };
}

const frame = (channel: string, data: unknown = {}): string => JSON.stringify({ channel, data });
const mark = frame("mark");

/** What arrives of these frames, once one behind them does. */
async function arrives({ client, far }: Line, ...frames: readonly string[]): Promise<string[]> {
  for (const text of [...frames, mark]) far.send(text);
  await expect.poll(() => client.heard).toContain(mark);
  return client.heard.filter((text) => text !== mark);
}

const to = { channel: "trades" };
const list = frame("trades", [1, 2]);

it("loseFrame, duplicateFrame, reorderArray and splitArray", async () => {
  expect(await arrives(await openLine({ what: "loseFrame", to }), list, "{nope")).toEqual([
    "{nope",
  ]);
  expect(await arrives(await openLine({ what: "duplicateFrame", to }), list)).toEqual([list, list]);
  expect(await arrives(await openLine({ what: "reorderArray", to }), list)).toEqual([
    frame("trades", [2, 1]),
  ]);
  expect(await arrives(await openLine({ what: "splitArray", to }), list)).toEqual([
    frame("trades", [1]),
    frame("trades", [2]),
  ]);
});

it("loseFrame: bytes and nonsense are frames too", async () => {
  const line = await openLine({ what: "loseFrame", times: 3 });
  line.far.send(Buffer.from([0xff]), { binary: true });
  expect(await arrives(line, "{nope", "", "kept")).toEqual(["kept"]);
});

it("duplicateFrame and delayFrame: bytes stay what they are", async () => {
  const line = await openLine(
    { what: "duplicateFrame", times: 1 },
    { what: "delayFrame", ms: 30, times: 1 },
  );
  line.far.send(Buffer.from([0xff, 0xfe]), { binary: true });
  line.far.send(Buffer.from([0xdc, 0x00]), { binary: true });
  await expect.poll(() => line.client.heard).toEqual(["fffe", "fffe", "dc00"]);
});

it("delayFrame and reorderFrames: behind what comes meanwhile", async () => {
  const late = await openLine({ what: "delayFrame", ms: 30, to });
  await arrives(late, list);
  await expect.poll(() => late.client.heard).toEqual([mark, list]);
  const swapped = await openLine({ what: "reorderFrames", to });
  await arrives(swapped, list);
  await expect.poll(() => swapped.client.heard).toEqual([mark, list]);
});

it("staleChannel: one says nothing for a while, the others live", async () => {
  const line = await openLine({ what: "staleChannel", ms: 120, to, times: 1 });
  expect(await arrives(line, list, frame("bbo"), list)).toEqual([frame("bbo")]);
  await expect
    .poll(() => {
      line.far.send(list);
      return line.client.heard.length;
    })
    .toBeGreaterThan(2);
});

it("halfOpen: nothing passes in either direction, pings neither, and nobody hears of a close", async () => {
  const line = await openLine({ what: "halfOpen", ms: 150, to, times: 1 });
  const { client, far, endpoint } = line;
  let pongs = 0;
  client.socket.on("pong", () => {
    pongs += 1;
  });
  far.send(list);
  far.send(frame("bbo"));
  await expect.poll(() => far.bufferedAmount).toBe(0);
  const other = await connect(new URL("/ws", client.socket.url).href);
  endpoint.sockets[1]?.send("alive");
  await expect.poll(() => other.heard).toEqual(["alive"]);
  client.socket.send("lost");
  client.socket.ping();
  far.close(1000);
  let closed = "";
  void client.closed.then((how) => {
    closed = how;
  });
  other.socket.send("heard");
  await expect.poll(() => endpoint.heard).toEqual(["heard"]);
  expect([closed, pongs, client.heard]).toEqual(["", 0, []]);
  await expect.poll(() => closed).toBe("1006 ");
});

it.each([
  [1000, "1000 "],
  [1012, "1012 "],
  [1006, "1006 "],
])("disconnect with %i", async (code, told) => {
  const { client, far } = await openLine({ what: "disconnect", code, to });
  far.send(list);
  expect(await client.closed).toBe(told);
  expect(client.heard).toEqual([]);
  await expect.poll(() => far.readyState).toBe(WebSocket.CLOSED);
});

const posted = (id: number, type: string): string =>
  JSON.stringify({
    method: "post",
    id,
    request: { type: "action", payload: { action: { type }, nonce: 7, signature: {} } },
  });

it("loseAction and holdAction: a client's frame does not reach the endpoint, or later", async () => {
  const { client, endpoint } = await openLine(
    { what: "loseAction", to: { type: "order" } },
    { what: "holdAction", ms: 40, to: { type: "cancel" } },
  );
  const texts = [posted(1, "order"), posted(2, "cancel"), posted(3, "noop"), '{"method":"ping"}'];
  for (const text of texts) client.socket.send(text);
  await expect.poll(() => endpoint.heard).toEqual([texts[2], texts[3], texts[1]]);
});

it("loseAnswer and delayAnswer: told apart by what was asked for", async () => {
  const line = await openLine(
    { what: "loseAnswer", to: { type: "order" } },
    { what: "delayAnswer", ms: 30, to: { account: ME } },
  );
  const { client, endpoint } = line;
  const read = { type: "openOrders", user: ME };
  client.socket.send(posted(1, "order"));
  client.socket.send(posted(2, "cancel"));
  client.socket.send(
    JSON.stringify({ method: "post", id: 3, request: { type: "info", payload: read } }),
  );
  await expect.poll(() => endpoint.heard.length).toBe(3);
  const answers = [1, 2, 3].map((id) => frame("post", { id }));
  await arrives(line, ...answers);
  await expect.poll(() => client.heard).toEqual([answers[1], mark, answers[2]]);
});

it("tells accounts apart where a frame names one, and where only one was asked for", async () => {
  const line = await openLine({ what: "loseFrame", to: { account: ME } });
  const { client, endpoint } = line;
  const subscribe = (method: string, type: string, user: string): void =>
    client.socket.send(JSON.stringify({ method, subscription: { type, user } }));
  subscribe("subscribe", "userFills", ME);
  subscribe("subscribe", "userFills", YOU);
  subscribe("subscribe", "orderUpdates", ME);
  subscribe("subscribe", "userEvents", ME);
  subscribe("subscribe", "userEvents", YOU);
  await expect.poll(() => endpoint.heard.length).toBe(5);
  const yours = frame("userFills", { user: YOU });
  const whose = frame("user", { fills: [] });
  const mine = [frame("userFills", { user: ME }), frame("orderUpdates", [])];
  expect(await arrives(line, ...mine, yours, whose)).toEqual([yours, whose]);
  subscribe("unsubscribe", "userEvents", YOU);
  await expect.poll(() => endpoint.heard.length).toBe(6);
  client.heard.length = 0;
  expect(await arrives(line, whose)).toEqual([]);
});

it("HTTP: lost, answered by somebody else, cut, late, cut short, and then as ever", async () => {
  const asked: string[] = [];
  const endpoint = await openEndpoint((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end("[1,2,3]");
  });
  const info = { path: "/info" };
  const proxy = await openProxy(endpoint.http, [
    { what: "loseAction", to: { type: "order" } },
    { what: "httpStatus", status: 502, body: "html", to: info, times: 1 },
    { what: "httpStatus", status: 429, body: "null", executed: true, to: info, times: 1 },
    { what: "disconnect", to: info, times: 1 },
    { what: "loseAnswer", to: info, times: 1 },
    { what: "truncatePage", keep: 1, to: { type: "userFills" } },
    { what: "delayAnswer", ms: 60, to: { type: "late" } },
  ]);
  const read = (type = "meta") => post(`${proxy.http}/info`, JSON.stringify({ type }), 300);
  const action = JSON.stringify({ action: { type: "order" }, nonce: 1, signature: {} });
  await expect(post(`${proxy.http}/exchange`, action, 50)).rejects.toThrow("not answered");
  expect(await read()).toMatchObject({ status: 502, headers: { "content-type": "text/html" } });
  expect(asked).toEqual([]);
  expect(await read()).toMatchObject({ status: 429, body: Buffer.from("null") });
  await expect(read()).rejects.toThrow("socket hang up");
  await expect(read()).rejects.toThrow("not answered");
  expect(asked).toEqual(["/info", "/info", "/info"]);
  expect(String((await read("userFills")).body)).toBe("[1]");
  await expect(post(`${proxy.http}/info`, '{"type":"late"}', 30)).rejects.toThrow("not answered");
  expect(String((await read("late")).body)).toBe("[1,2,3]");
  expect(String((await read()).body)).toBe("[1,2,3]");
});
