import { seededRandom } from "@cloister/model";
import { hashes, sign } from "@noble/secp256k1";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { afterEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { readEnvelope } from "../actions/envelope.ts";
import { actionHash, signingDigest } from "../auth/digest.ts";
import { limit } from "../desk.fixture.ts";
import { createExchange, type Exchange } from "../exchange.ts";
import { makeAccounts } from "../keys.ts";
import type { ExchangeOptions } from "../options.ts";
import { HTTP_ROWS } from "./http-map.stories.ts";
import { type Served, serveExchange } from "./serve.ts";
import { systemClock } from "./system-clock.ts";

hashes.sha256 = sha256;
hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);

let exchange: Exchange | undefined;
let served: Served | undefined;
afterEach(async () => {
  exchange?.close();
  await served?.close();
});

async function open(
  options: Partial<ExchangeOptions> = {},
): Promise<{ served: Served; address: string; privateKey: string }> {
  const [account] = makeAccounts(1, seededRandom(5));
  if (account === undefined) throw new Error("no account");
  exchange = createExchange({
    clock: systemClock(),
    random: seededRandom(1),
    accounts: [{ ...account, deposit: "10000" }],
    blockMs: 5,
    ...options,
  });
  served = await serveExchange(exchange);
  return { served, ...account };
}

/** Signs as any client does, with the curve. */
function signed(privateKey: string, action: object, nonce: number): object {
  const bare = { action, nonce, signature: { r: "0x1", s: "0x1", v: 27 } };
  const envelope = readEnvelope(bare);
  if (envelope === undefined || "notSimulated" in envelope) throw new Error("not read");
  const digest = signingDigest(actionHash(envelope.canonical, envelope), "mainnet");
  const bytes = sign(digest, hexToBytes(privateKey.slice(2)), {
    prehash: false,
    format: "recovered",
  });
  const hex = (part: Uint8Array): string => `0x${Buffer.from(part).toString("hex")}`;
  return {
    ...bare,
    signature: { r: hex(bytes.slice(1, 33)), s: hex(bytes.slice(33)), v: 27 + (bytes[0] ?? 0) },
  };
}

async function post(
  url: string,
  body: string,
  contentType = "application/json",
): Promise<{ status: number; body: string }> {
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": contentType },
  });
  return { status: answer.status, body: await answer.text() };
}

it("keeps the status map over a real socket (protocol §1)", async () => {
  const at = await open({ limits: false });
  const told = await Promise.all(
    HTTP_ROWS.map(async ({ path, contentType, body }) => {
      const headers: Record<string, string> =
        contentType === undefined ? {} : { "content-type": contentType };
      const bytes = new TextEncoder().encode(body);
      const answer = await fetch(`${at.served.http}${path}`, {
        method: "POST",
        body: bytes,
        headers,
      });
      return { status: answer.status, body: await answer.text() };
    }),
  );
  for (const [row, { what, status, says }] of HTTP_ROWS.entries()) {
    const body: unknown = typeof says === "string" ? says : expect.stringMatching(says);
    expect({ what, ...told[row] }).toEqual({ what, status, body });
  }
});

it("serves reads and really signed actions over HTTP", async () => {
  const at = await open();
  expect(at.served.http).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const book = JSON.parse(
    (await post(`${at.served.http}/info`, '{"type":"l2Book","coin":"ETH"}')).body,
  ) as { levels: object[][] };
  expect(book.levels.map((side) => side.length > 0)).toEqual([true, true]);
  const action = {
    type: "order",
    orders: [limit({ b: true, p: "60000", s: "0.001" })],
    grouping: "na",
  };
  const placed = await post(
    `${at.served.http}/exchange`,
    JSON.stringify(signed(at.privateKey, action, systemClock().wallMs())),
  );
  expect(JSON.parse(placed.body)).toMatchObject({
    status: "ok",
    response: { data: { statuses: [{ resting: {} }] } },
  });
  expect(await post(`${at.served.http}/info`, "{nope")).toEqual({
    status: 400,
    body: "Failed to parse the request body as JSON",
  });
  expect((await post(`${at.served.http}/info`, "{}", "text/plain")).status).toBe(415);
  expect((await fetch(`${at.served.http}/info`)).status).toBe(405);
});

it("serves a session over a real socket, and drops it without a close frame for a bad coin", async () => {
  const at = await open();
  const socket = new WebSocket(at.served.ws, { perMessageDeflate: false });
  const frames: string[] = [];
  const closed = new Promise<number>((done) => {
    socket.on("close", done);
  });
  socket.on("message", (data: Buffer) => frames.push(data.toString("utf8")));
  await new Promise((done) => {
    socket.on("open", done);
  });
  const send = (frame: object): void => socket.send(JSON.stringify(frame));
  send({ method: "subscribe", subscription: { type: "orderUpdates", user: at.address } });
  const action = {
    type: "order",
    orders: [limit({ b: true, p: "60000", s: "0.001", tif: "Alo" })],
    grouping: "na",
  };
  send({
    method: "post",
    id: 9,
    request: { type: "action", payload: signed(at.privateKey, action, systemClock().wallMs()) },
  });
  await expect.poll(() => frames.length).toBe(3);
  expect(frames.map((text) => (JSON.parse(text) as { channel: string }).channel)).toEqual([
    "subscriptionResponse",
    "orderUpdates",
    "post",
  ]);
  expect(socket.extensions).toBe("");
  send({ method: "subscribe", subscription: { type: "bbo", coin: "NOPE" } });
  expect(await closed).toBe(1006);
});

it("rejects when the port is taken, and goes on", async () => {
  const at = await open();
  if (exchange === undefined) throw new Error("no exchange");
  const port = Number(new URL(at.served.http).port);
  await expect(serveExchange(exchange, { port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect((await post(`${at.served.http}/info`, '{"type":"meta"}')).status).toBe(200);
});

it("refuses a bad port", async () => {
  const at = await open();
  if (exchange === undefined) throw new Error("no exchange");
  expect(at.address).toMatch(/^0x[0-9a-f]{40}$/);
  await expect(serveExchange(exchange, { port: -1 })).rejects.toMatchObject({
    code: "invalidOption",
  });
});
