import { once } from "node:events";
import { connect as dial, createServer } from "node:net";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { type Client, connect, openEndpoint, openProxy, post } from "./serve-proxy.fixture.ts";

/** What is no fault passes as it is; and nothing that either side does ends the proxy. */

it("brings a request and its answer across, with their headers and bytes", async () => {
  const seen: unknown[] = [];
  const bytes = Buffer.from([0x00, 0xff, 0xfe, 0x7b]);
  const endpoint = await openEndpoint((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      seen.push([request.method, request.url, request.headers["content-type"]]);
      seen.push(Buffer.concat(chunks).toString("hex"));
      response.writeHead(207, "Odd", { "content-type": "application/x-odd", "x-one": ["a", "b"] });
      response.end(bytes);
    });
  });
  const proxy = await openProxy(`${endpoint.http}/base/`);
  for (const path of ["/info?x=%20", "/elsewhere"]) {
    const answered = await post(`${proxy.http}${path}`, bytes);
    expect(seen.splice(0)).toEqual([
      ["POST", `/base${path}`, "application/json"],
      bytes.toString("hex"),
    ]);
    expect(answered).toMatchObject({
      status: 207,
      headers: { "content-type": "application/x-odd", "x-one": "a, b" },
      body: bytes,
    });
  }
});

it("brings big bodies across, both ways", async () => {
  const endpoint = await openEndpoint((request, response) => request.pipe(response));
  const proxy = await openProxy(endpoint.http);
  const big = Buffer.alloc(5_000_000, "0123456789");
  for (const path of ["/exchange", "/elsewhere"]) {
    expect((await post(`${proxy.http}${path}`, big)).body.equals(big)).toBe(true);
  }
  expect(await post(`${proxy.http}/info`, Buffer.alloc(32_000_001))).toMatchObject({ status: 413 });
});

it("brings frames of all sorts across: text, nonsense, bytes, big ones, pings, protocol and headers", async () => {
  const endpoint = await openEndpoint();
  const proxy = await openProxy(endpoint.http);
  const client = await connect(proxy.ws, ["odd"]);
  const [far] = endpoint.sockets;
  expect(client.socket.protocol).toBe("odd");
  expect(endpoint.knocks[0]?.headers).toMatchObject({
    "x-who": "me",
    host: new URL(endpoint.http).host,
  });
  const big = `"${"é".repeat(1_500_000)}"`;
  const texts = ["", "\uFEFF{", '{"channel":"x","data":1.0}', "{nope", big];
  for (const text of texts) far?.send(text);
  far?.send(Buffer.from([0, 0xff, 0xdc]), { binary: true });
  await expect.poll(() => client.heard.length).toBe(texts.length + 1);
  expect(client.heard).toEqual([...texts, "00ffdc"]);
  for (const text of texts) client.socket.send(text);
  client.socket.send(Buffer.from([0, 0xff, 0xdc]), { binary: true });
  await expect.poll(() => endpoint.heard.length).toBe(texts.length + 1);
  expect(endpoint.heard).toEqual([...texts, "00ffdc"]);
  const pong = once(client.socket, "pong");
  client.socket.ping("hello");
  expect(String((await pong)[0])).toBe("far hello");
});

it("says each side's close to the other, with its code and its reason", async () => {
  const endpoint = await openEndpoint();
  const proxy = await openProxy(endpoint.http);
  const closeFar = async (how: (far: WebSocket) => void): Promise<string> => {
    const client = await connect(proxy.ws);
    const far = endpoint.sockets.at(-1);
    if (far !== undefined) how(far);
    return client.closed;
  };
  expect(await closeFar((far) => far.close(1001, "bye"))).toBe("1001 bye");
  expect(await closeFar((far) => far.close(4321))).toBe("4321 ");
  expect(await closeFar((far) => far.close())).toBe("1005 ");
  expect(await closeFar((far) => far.terminate())).toBe("1006 ");
  const closeNear = async (how: (client: Client) => void): Promise<unknown> => {
    const client = await connect(proxy.ws);
    const far = endpoint.sockets.at(-1);
    if (far === undefined) throw new Error("nobody came");
    const closed = once(far, "close");
    how(client);
    return (await closed)[0];
  };
  expect(await closeNear(({ socket }) => socket.close(1000))).toBe(1000);
  expect(await closeNear(({ socket }) => socket.terminate())).toBe(1006);
});

it("passes on how a socket was refused", async () => {
  const endpoint = await openEndpoint();
  const proxy = await openProxy(endpoint.http);
  const socket = new WebSocket(`${proxy.http.replace("http", "ws")}/nowhere`);
  const [error] = (await once(socket, "error")) as [Error];
  expect(error.message).toBe("Unexpected server response: 400");
});

it("tells a client that the upstream is down, went away or says nothing, and goes on", async () => {
  const dead = await openEndpoint();
  await dead.close();
  const nowhere = await openProxy(dead.http);
  expect(await post(`${nowhere.http}/info`, "{}")).toMatchObject({ status: 502 });
  expect(await post(`${nowhere.http}/other`, "{}")).toMatchObject({ status: 502 });
  const socket = new WebSocket(nowhere.ws);
  const [error] = (await once(socket, "error")) as [Error];
  expect(error.message).toBe("Unexpected server response: 502");

  const rude = await openEndpoint((request, response) => {
    if (request.url === "/info") return;
    if (request.url === "/exchange") response.writeHead(200, { "content-length": 9 }).write("half");
    request.socket.destroySoon();
  });
  const proxy = await openProxy(rude.http, [], { patienceMs: 100 });
  expect(await post(`${proxy.http}/info`, "{}")).toMatchObject({ status: 504 });
  await expect(post(`${proxy.http}/exchange`, "{}")).rejects.toThrow("socket hang up");
  expect(await post(`${proxy.http}/other`, "{}")).toMatchObject({ status: 502 });
  expect((await connect(proxy.ws)).socket.readyState).toBe(WebSocket.OPEN);
});

it.each(["https", "wss"])("speaks TLS to an upstream that is %s, both ways", async (scheme) => {
  const firstBytes: (number | undefined)[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      firstBytes.push(data[0]);
      socket.destroy();
    });
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const at = server.address();
  const port = typeof at === "object" ? at?.port : undefined;
  const proxy = await openProxy(`${scheme}://127.0.0.1:${port}`);
  expect(await post(`${proxy.http}/info`, "{}")).toMatchObject({ status: 502 });
  await once(new WebSocket(proxy.ws), "error");
  // A handshake record of TLS.
  expect(firstBytes).toEqual([0x16, 0x16]);
  server.close();
});

it("answers a client that would rather speak HTTP/2 as it is", async () => {
  const endpoint = await openEndpoint((request, response) => request.pipe(response));
  const proxy = await openProxy(endpoint.http);
  const socket = dial(Number(new URL(proxy.http).port), "127.0.0.1");
  let heard = "";
  socket.on("data", (data: Buffer) => {
    heard += data.toString("latin1");
  });
  socket.write(
    "POST /info HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n" +
      "HTTP2-Settings: AAEA\r\nContent-Length: 5\r\n\r\n[1,2]",
  );
  await expect.poll(() => heard).toMatch(/^HTTP\/1\.1 200 [^]*\[1,2\]$/);
  socket.destroy();
});

it("lets a client go who vanishes while it waits, and asks no more for it", async () => {
  let gone = false;
  const endpoint = await openEndpoint((request) => {
    request.socket.on("close", () => {
      gone = true;
    });
  });
  const proxy = await openProxy(endpoint.http);
  await expect(post(`${proxy.http}/info`, "{}", 50)).rejects.toThrow("not answered");
  await expect.poll(() => gone).toBe(true);
});

it.each([
  ["GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", " 400 "],
  [
    "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: a b\r\n\r\n",
    " 400 ",
  ],
  [
    "GET http://elsewhere/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    " 400 ",
  ],
  ["nonsense\r\n\r\n", " 400 "],
  [`GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, " 431 "],
])("answers abuse %#", async (bytes, told) => {
  const proxy = await openProxy((await openEndpoint()).http);
  const socket = dial(Number(new URL(proxy.http).port), "127.0.0.1");
  let heard = "";
  socket.on("error", () => {});
  socket.on("data", (data: Buffer) => {
    heard += data.toString("latin1");
  });
  socket.write(bytes);
  await expect.poll(() => heard).toContain(told);
  socket.destroy();
  expect(await post(`${proxy.http}/info`, "{}")).toMatchObject({ status: 200 });
});

it("bounds what waits for a client that does not read: the upstream is read no more", async () => {
  const endpoint = await openEndpoint();
  const proxy = await openProxy(endpoint.http);
  const client = await connect(proxy.ws);
  const [far] = endpoint.sockets;
  if (far === undefined) throw new Error("nobody came");
  client.socket.pause();
  const frame = "x".repeat(1_000_000);
  for (let sent = 0; sent < 60; sent += 1) far.send(frame);
  await expect.poll(() => far.bufferedAmount).toBeGreaterThan(20_000_000);
  client.socket.resume();
  await expect.poll(() => client.heard.length, { timeout: 4_000 }).toBe(60);
});

it("ends a frame that is too long, with 1009 on both sides", async () => {
  const endpoint = await openEndpoint();
  const proxy = await openProxy(endpoint.http);
  const client = await connect(proxy.ws);
  endpoint.sockets[0]?.send(Buffer.alloc(64_000_001));
  expect(await client.closed).toBe("1009 ");
});

it("serves many sockets, and cuts them all when it closes", async () => {
  const endpoint = await openEndpoint();
  const proxy = await openProxy(endpoint.http);
  const clients = await Promise.all(Array.from({ length: 100 }, () => connect(proxy.ws)));
  for (const far of endpoint.sockets) far.send("all");
  await expect.poll(() => clients.every(({ heard }) => heard[0] === "all")).toBe(true);
  await proxy.close();
  expect(new Set(await Promise.all(clients.map(({ closed }) => closed)))).toEqual(
    new Set(["1006 "]),
  );
  await expect
    .poll(() => endpoint.sockets.every((far) => far.readyState === WebSocket.CLOSED))
    .toBe(true);
});

it.each([
  ["ftp://x", "must be an http, https, ws or wss URL"],
  ["nonsense", "must be an http"],
  ["http://me:secret@x", "must have no name"],
  ["http://x/?a=1", "must have no name"],
])("refuses the upstream %s", async (upstream, rule) => {
  await expect(openProxy(upstream)).rejects.toThrow(rule);
  await expect(openProxy(upstream)).rejects.not.toThrow("secret");
});
