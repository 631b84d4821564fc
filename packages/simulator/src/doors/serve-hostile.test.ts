import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { seededRandom } from "@cloister/model";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createExchange, type Exchange } from "../exchange.ts";
import { type Served, serveExchange } from "./serve.ts";
import { systemClock } from "./system-clock.ts";

/** Bytes that no decent client sends, over real sockets. */

let exchange: Exchange;
let served: Served;

beforeEach(async () => {
  exchange = createExchange({
    clock: systemClock(),
    random: seededRandom(1),
    accounts: [],
    limits: false,
  });
  served = await serveExchange(exchange);
});
afterEach(async () => {
  exchange.close();
  await served.close();
});

const UPGRADE = (path: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    "Host: exchange",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
    "",
    "",
  ].join("\r\n");

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(served.http).port), "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** What comes back for some bytes, until it holds a text. */
async function say(bytes: string | Buffer, until: string): Promise<string> {
  const socket = await open();
  let heard = "";
  socket.on("data", (data: Buffer) => {
    heard += data.toString("latin1");
  });
  socket.write(bytes);
  await expect.poll(() => heard).toContain(until);
  socket.destroy();
  return heard;
}

const posted = (path: string, body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
    ),
    body,
  ]);

it("reads bytes that are no text as no JSON", async () => {
  const body = Buffer.concat([
    Buffer.from('{"type":"exchangeStatus","x":"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}'),
  ]);
  expect(await say(posted("/info", body), "as JSON")).toMatch(/^HTTP\/1\.1 400 /);
});

it("answers two requests of one connection, each with its length", async () => {
  const one = posted("/info", Buffer.from('{"type":"perpDexs"}'));
  const heard = await say(
    Buffer.concat([one, one]),
    '"assetToFundingInterestRate":[]}]HTTP/1.1 200 OK',
  );
  expect(heard).toMatch(/content-length: \d+/i);
});

it("reads a body in chunks", async () => {
  const head = "POST /info HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
  const chunks = '9\r\n{"type":"\r\nA\r\nperpDexs"}\r\n0\r\n\r\n';
  expect(await say(`${head}Transfer-Encoding: chunked\r\n\r\n${chunks}`, "[null,")).toMatch(
    / 200 /,
  );
});

it.each([
  ["GET", "/info", 405],
  ["HEAD", "/exchange", 405],
  ["OPTIONS", "/info", 405],
  ["GET", "/../../etc/passwd", 404],
  ["POST", "/info/../exchange", 404],
  ["GET", "/ws", 404],
])("answers %s %s with %i", async (method, path, status) => {
  const heard = await say(`${method} ${path} HTTP/1.1\r\nHost: x\r\n\r\n`, "\r\n\r\n");
  expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

it("upgrades on its own path only", async () => {
  expect(await say(UPGRADE("/nope"), "\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  expect(await say(UPGRADE("/ws?more=1"), "\r\n\r\n")).toMatch(/^HTTP\/1\.1 101 /);
});

it("answers a request that would rather speak HTTP/2 as it is, with a body that comes later", async () => {
  const socket = await open();
  let heard = "";
  socket.on("data", (data: Buffer) => {
    heard += data.toString("latin1");
  });
  socket.write(
    "POST /info HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n" +
      'HTTP2-Settings: AAEA\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{"type"',
  );
  socket.write(':"perpDexs"}');
  await expect.poll(() => heard).toContain("[null,");
  expect(heard).toMatch(/^HTTP\/1\.1 200 /);
  socket.write(posted("/info", Buffer.from('{"type":"exchangeStatus"}')));
  await expect.poll(() => heard).toContain('"time":');
  socket.destroy();
});

it.each([
  ["a wish without a key", "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n", " 400 "],
  ["another version", UPGRADE("/ws").replace("Version: 13", "Version: 12").trimEnd(), " 400 "],
  ["a post that wants a socket", UPGRADE("/ws").replace("GET", "POST").trimEnd(), " 405 "],
  ["a wish for nonsense", "GET /info HTTP/1.1\r\nUpgrade: nonsense\r\n", " 405 "],
  ["a head of 20 kB", `GET /info HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n`, " 431 "],
  ["10,000 headers", `GET /info HTTP/1.1\r\n${"x: 1\r\n".repeat(10_000)}`, " 431 "],
  ["two lengths", "POST /info HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n", " 400 "],
  [
    "a length and chunks",
    "POST /info HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n",
    " 400 ",
  ],
])("answers %s, and goes on", async (_what, head, told) => {
  const more = head.includes("Upgrade: ") ? "Connection: Upgrade\r\n" : "";
  const host = head.includes("Host: ") ? "" : "Host: x\r\n";
  expect(await say(`${head.trimEnd()}\r\n${host}${more}\r\n`, told)).toMatch(/^HTTP\/1\.1 4/);
  const body = Buffer.from('{"type":"exchangeStatus"}');
  expect(await say(posted("/info", body), '"time":')).toMatch(/ 200 /);
});

it("cuts who never finishes a head or a body, and serves the others meanwhile", async () => {
  const hasty = await serveExchange(exchange, { slowMs: 150 });
  const slow = ["", "POST /in", posted("/info", Buffer.alloc(9)).subarray(0, -3)].map((begun) => {
    const socket = connect(Number(new URL(hasty.http).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    socket.write(begun);
    return once(socket, "close");
  });
  const socket = new WebSocket(hasty.ws);
  await once(socket, "open");
  await Promise.all(slow);
  const answered = once(socket, "message");
  socket.send('{"method":"ping"}');
  expect(String((await answered)[0])).toBe('{"channel":"pong"}');
  await hasty.close();
});

it("answers a body that is too long, and cuts one that never ends", async () => {
  const long = posted("/info", Buffer.alloc(10_000_000, "["));
  expect(await say(long, "413")).toMatch(/connection: close/i);
  const socket = await open();
  let ended = false;
  socket.on("close", () => {
    ended = true;
  });
  socket.write("POST /info HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const chunk = `100000\r\n${"x".repeat(0x10_0000)}\r\n`;
  writeOn(socket, chunk);
  await expect.poll(() => ended, { timeout: 5_000 }).toBe(true);
});

it("puts fragments together, answers a ping frame, and closes what is no text", async () => {
  const socket = new WebSocket(served.ws, { perMessageDeflate: false });
  const heard: string[] = [];
  socket.on("message", (data: Buffer) => heard.push(data.toString("utf8")));
  socket.on("pong", () => heard.push("pong"));
  await once(socket, "open");
  socket.send('{"method":', { fin: false });
  socket.send('"ping"}', { fin: true });
  socket.ping();
  await expect.poll(() => heard).toEqual(['{"channel":"pong"}', "pong"]);
  const closed = once(socket, "close");
  socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
  expect((await closed)[0]).toBe(1007);
});

it("lets a reader go who does not read", async () => {
  const socket = await open();
  let ended = false;
  socket.on("close", () => {
    ended = true;
  });
  socket.write(UPGRADE("/ws"));
  await once(socket, "data");
  socket.pause();
  // What is not understood is quoted: as much comes back as was said.
  writeOn(socket, masked("x".repeat(1_000_000)));
  await expect.poll(() => ended, { timeout: 8_000 }).toBe(true);
});

/** Writes the same again and again, for as long as the connection takes it. */
function writeOn(socket: Socket, bytes: string | Buffer): void {
  socket.write(bytes, (error) => {
    if (error === undefined || error === null) writeOn(socket, bytes);
  });
}

/** A text frame of a client, masked with zeros. */
function masked(text: string): Buffer {
  const body = Buffer.from(text);
  if (body.length < 126) {
    return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
  }
  const head = Buffer.alloc(14);
  head.set([0x81, 0xff]);
  head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}
