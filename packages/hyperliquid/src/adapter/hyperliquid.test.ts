import {
  type Answer,
  CloisterError,
  ManualClock,
  parseAddress,
  parseCloid,
  parseCoin,
  parseDecimal,
  seededRandom,
  type SignedAction,
  type SignResult,
  SILENT,
  type VenueAction,
  type VenueNews,
} from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testSigner } from "../signing/test-signer.ts";
import { scriptedWire } from "../wire/scripted-wire.fixture.ts";
import { hyperliquid } from "./hyperliquid.ts";
import type { HyperliquidOptions } from "./options.ts";

const ACCOUNT = parseAddress(`0x${"ab".repeat(20)}`);
const AGENT = parseAddress(`0x${"cd".repeat(20)}`);
const SUB = parseAddress(`0x${"12".repeat(20)}`);
const STRANGER = parseAddress(`0x${"ef".repeat(20)}`);

const PLACE: VenueAction = {
  kind: "place",
  grouping: "na",
  orders: [
    {
      cloid: parseCloid("0x000000000000000000000000000000a1"),
      terms: {
        coin: parseCoin("ETH"),
        side: "buy",
        price: parseDecimal("2000"),
        size: parseDecimal("0.1"),
        tif: "Alo",
        reduceOnly: false,
      },
    },
  ],
};

const FILL = {
  coin: "BTC",
  px: "64000.0",
  sz: "0.001",
  side: "B",
  startPosition: "0.0",
  dir: "Open Long",
  closedPnl: "0.0",
  hash: "0x00",
  oid: 7,
  crossed: true,
  fee: "0.0",
  feeToken: "USDC",
};

const REFUSED: SignResult = { kind: "failed", reason: "locked" };

/** What a key without types may answer. */
function answerOf(value: unknown): SignResult {
  return value as SignResult;
}

function answeringTwice(done: (result: SignResult) => void): void {
  done(REFUSED);
  done(signatureOf(`0x${"1".repeat(64)}`));
}

function signatureOf(r: string): SignResult {
  return { kind: "signed", signature: { r, s: `0x${"2".repeat(64)}`, v: 27 } };
}

const INFO: Readonly<Record<string, (asked: Readonly<Record<string, unknown>>) => unknown>> = {
  userRole: ({ user }) => {
    if (user === ACCOUNT) return { role: "user" };
    if (user === SUB) return { role: "subAccount", data: { master: ACCOUNT } };
    return user === AGENT ? { role: "agent", data: { user: ACCOUNT } } : { role: "missing" };
  },
  perpDexs: () => [null, { name: "xyz" }],
  meta: ({ dex }) =>
    dex === "xyz"
      ? { universe: [{ name: "xyz:SILVER", szDecimals: 2, maxLeverage: 5 }] }
      : {
          universe: [
            { name: "BTC", szDecimals: 5, maxLeverage: 40 },
            { name: "ETH", szDecimals: 4, maxLeverage: 25 },
          ],
        },
  spotMeta: () => ({
    tokens: [
      { name: "USDC", szDecimals: 8, index: 0 },
      { name: "PURR", szDecimals: 0, index: 1 },
    ],
    universe: [{ tokens: [1, 0], name: "PURR/USDC", index: 0 }],
  }),
};

/** A venue on a scripted wire, with a diary of its news. */
function rig(options: Partial<HyperliquidOptions> = {}) {
  const clock = new ManualClock();
  const line = scriptedWire();
  line.answerWith(({ path, body }) => {
    if (path !== "/info") return undefined;
    const asked = objectOf(body);
    const answer = INFO[String(asked["type"])];
    return answer === undefined ? undefined : { body: answer(asked) };
  });
  const news: VenueNews[] = [];
  const venue = hyperliquid({
    network: "testnet",
    account: ACCOUNT,
    signer: testSigner(AGENT),
    wire: line.wire,
    ...options,
  });
  const open = (): Promise<void> =>
    venue.open({ clock, random: seededRandom(3), logger: SILENT, sink: (one) => news.push(one) });
  const facts = () => news.flatMap((one) => one.facts);
  const goLive = (): void => {
    clock.advanceBy(0);
    line.last().open();
    for (const text of [...line.last().sent]) {
      line.last().say({ channel: "subscriptionResponse", data: objectOf(text) });
    }
  };
  return { clock, line, news, facts, venue, open, goLive };
}

function ackOf(sent = "{}") {
  return { channel: "subscriptionResponse", data: objectOf(sent) };
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

async function live(options: Partial<HyperliquidOptions> = {}) {
  const parts = rig(options);
  await parts.open();
  parts.goLive();
  return parts;
}

function signed(venue: ReturnType<typeof rig>["venue"], action: VenueAction = PLACE): SignedAction {
  const results: SignedAction[] = [];
  venue.sign(action, { nonce: venue.nextNonce(), expiresAfter: 1_800_000_000_000 }, (result) => {
    if (result.kind === "signed") results.push(result.signed);
  });
  const [only] = results;
  if (only === undefined || results.length !== 1) throw new Error("not signed once");
  return only;
}

async function refusal(options: Partial<HyperliquidOptions>): Promise<CloisterError> {
  try {
    await rig(options).open();
  } catch (error) {
    if (error instanceof CloisterError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

describe("open", () => {
  it("loads the markets, proves key and account, and connects to the account's streams", async () => {
    const { venue, line, facts } = await live({ dexes: ["xyz"] });
    expect(venue.account).toBe(ACCOUNT);
    expect(venue.market("xyz:SILVER")).toMatchObject({ dex: "xyz", sizeDecimals: 2 });
    expect(venue.market("PURR/USDC")).toMatchObject({ kind: "spot" });
    expect(venue.market("NOPE")).toBeUndefined();
    expect(venue.markets()).toHaveLength(4);
    expect(line.last().sent.map((text) => objectOf(text)["subscription"])).toEqual([
      { type: "orderUpdates", user: ACCOUNT },
      { type: "userFills", user: ACCOUNT },
      { type: "openOrders", user: ACCOUNT },
      { type: "openOrders", user: ACCOUNT, dex: "xyz" },
    ]);
    expect(facts().at(-1)).toEqual({ type: "connection.live", epoch: 1 });
  });

  it("situation 118: names an API wallet's address that was given as account", async () => {
    const error = await refusal({ account: AGENT });
    expect(error.code).toBe("wrongAccount");
    expect(error.message).toContain(ACCOUNT);
  });

  it("trades for a sub-account: its streams and reads, its address in the envelope", async () => {
    const { venue, line } = await live({ vault: SUB });
    expect(venue.account).toBe(SUB);
    expect(line.last().sent.every((text) => text.includes(SUB))).toBe(true);
    expect(objectOf(signed(venue).payload)["vaultAddress"]).toBe(SUB);
    venue.read(1, { kind: "openOrders" });
    expect(objectOf(line.requests[0]?.request.body ?? "{}")["user"]).toBe(SUB);
  });

  it("refuses a key that may not sign", async () => {
    expect((await refusal({ signer: testSigner(STRANGER) })).code).toBe("wrongKey");
  });

  it("refuses a venue that answers one dex with the coins of another", async () => {
    const { line, open } = rig({ dexes: ["xyz"] });
    line.answerWith(({ body }) => {
      const asked = { ...objectOf(body), dex: "" };
      return { body: INFO[String(objectOf(body)["type"])]?.(asked) };
    });
    await expect(open()).rejects.toMatchObject({ code: "venueFailed", details: { value: "xyz" } });
  });

  it("refuses a dex that the venue does not list, and options without sense", async () => {
    expect((await refusal({ dexes: ["nope"] })).code).toBe("invalidOption");
    expect(() => rig({ account: "0x12" })).toThrow("account");
    expect(() => rig({ timings: { readTimeoutMs: 0 } })).toThrow("readTimeoutMs");
  });

  it("bears a venue that does not answer for a while", async () => {
    const { clock, line, open, venue } = rig();
    line.answerWith(() => ({ status: 429, body: "null" }));
    const opening = open();
    await settle();
    line.answerWith(({ body }) => {
      const asked = objectOf(body);
      return { body: INFO[String(asked["type"])]?.(asked) };
    });
    clock.advanceBy(1_000);
    await opening;
    expect(venue.markets()).not.toEqual([]);
  });

  it.each([
    ["while the venue is silent", undefined],
    ["between two attempts", { status: 502, body: "<html>" }],
  ])("closed %s: ends at once, and no timer is left", async (_when, answer) => {
    const { clock, line, open, venue } = rig();
    line.answerWith(() => answer);
    const opening = open().catch((error: unknown) => error);
    await settle();
    venue.close();
    expect(await opening).toMatchObject({ code: "closed" });
    expect(clock.nextDueMs()).toBeUndefined();
    expect(line.sockets).toEqual([]);
    await expect(open()).rejects.toMatchObject({ code: "closed" });
  });

  it("a second open is refused and harms the first in nothing", async () => {
    const { open, venue, facts } = await live();
    await expect(open()).rejects.toMatchObject({ code: "closed" });
    expect(venue.market("BTC")).toBeDefined();
    expect(facts().at(-1)).toEqual({ type: "connection.live", epoch: 1 });
  });

  it("gives up after its time: venueFailed with the last reason", async () => {
    const { clock, line, open } = rig();
    line.answerWith(() => ({ status: 502, body: "<html>" }));
    const opening = open().catch((error: unknown) => error);
    for (let round = 0; round < 40; round += 1) {
      await settle();
      clock.advanceBy(5_000);
    }
    expect(await opening).toMatchObject({
      code: "venueFailed",
      message: expect.stringContaining("HTTP 502"),
    });
  });
});

/** Lets promises run; no time passes. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe("news", () => {
  it("makes exactly one call of each frame, with its text, also of what is ignored or not understood", async () => {
    const { line, news } = await live();
    const frames = [
      "{broken",
      '{"channel":"pong"}',
      '{"channel":"surprise","data":1}',
      "Websocket connection established.",
    ];
    const before = news.length;
    for (const frame of frames) line.last().say(frame);
    expect(news.slice(before).map((one) => one.raw)).toEqual(frames);
    expect(news.slice(before).every((one) => one.facts.length > 0)).toBe(true);
  });

  it("situation 99: whatever comes, each frame is one call with its text, and nothing throws", async () => {
    const { line, news } = await live();
    const channels = [
      "orderUpdates",
      "userFills",
      "user",
      "openOrders",
      "post",
      "error",
      "bbo",
      "trades",
      "nonsense",
    ];
    const frame = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ channel: fc.constantFrom(...channels), data: fc.jsonValue() })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(frame, (text) => {
        const before = news.length;
        line.last().say(text);
        expect(news.slice(before).map((one) => one.raw)).toEqual([text]);
        expect(news[before]?.facts.length).toBeGreaterThan(0);
      }),
      { seed: 99, numRuns: 1_000 },
    );
  });

  it("tells the acknowledgement before the life that follows from it", async () => {
    const { news } = await live();
    expect(news.at(-1)).toEqual({ facts: [{ type: "connection.live", epoch: 1 }] });
    expect(news.at(-2)?.facts).toMatchObject([{ type: "ignored", what: "subscriptionResponse" }]);
  });

  it("tells a lost connection with its reason", async () => {
    const { line, facts } = await live();
    line.last().drop(1006, "reset");
    expect(facts().at(-1)).toEqual({
      type: "connection.lost",
      epoch: 1,
      reason: "closed 1006: reset",
    });
  });

  it("is silent after close", async () => {
    const { venue, line, news, clock } = await live();
    venue.read(1, { kind: "openOrders" });
    venue.write(1, signed(venue), "rest");
    const before = news.length;
    venue.close();
    line.last().say({ channel: "pong" });
    for (const request of line.requests) request.answer([]);
    clock.advanceBy(60_000);
    expect(news.length).toBe(before);
    expect(line.sockets).toHaveLength(1);
    expect(clock.nextDueMs()).toBeUndefined();
  });

  it("closed at any moment of its life: no timer, no open socket, no news", async () => {
    const moves: readonly ((parts: ReturnType<typeof rig>) => void)[] = [
      ({ clock }) => clock.advanceBy(0),
      ({ line }) => line.last().open(),
      ({ line }) => line.last().say(ackOf(line.last().sent[0])),
      ({ line }) => line.last().say(ackOf(line.last().sent[1])),
      ({ line }) => line.last().say(ackOf(line.last().sent[2])),
      ({ venue }) => venue.write(1, signed(venue), "socket"),
      ({ venue }) => venue.write(2, signed(venue), "rest"),
      ({ venue }) => venue.read(3, { kind: "positions" }),
      ({ clock }) => clock.advanceBy(15_000),
      ({ clock }) => clock.advanceBy(5_000),
      ({ line }) => line.last().say({ channel: "pong" }),
      ({ line }) => line.last().drop(),
      ({ clock }) => clock.advanceBy(10_000),
      ({ clock }) => clock.advanceBy(10_000),
    ];
    for (let moment = 0; moment <= moves.length; moment += 1) {
      const parts = rig();
      await parts.open();
      for (const move of moves.slice(0, moment)) move(parts);
      parts.venue.close();
      const told = parts.news.length;
      expect(parts.clock.nextDueMs(), `timers at ${moment}`).toBeUndefined();
      for (const socket of parts.line.sockets) {
        expect(socket.state(), `sockets at ${moment}`).toBe("closed");
        socket.say({ channel: "pong" });
      }
      for (const request of parts.line.requests) request.answer([]);
      parts.venue.close();
      expect(parts.news.length, `news at ${moment}`).toBe(told);
    }
  });

  it("asks for no further page after close", async () => {
    const { venue, line } = await live();
    venue.read(1, { kind: "fills", fromMs: 5 });
    venue.close();
    const page = Array.from({ length: 2_000 }, (_, tid) => ({ ...FILL, tid, time: 6 + tid }));
    line.requests[0]?.answer(page);
    expect(line.requests).toHaveLength(1);
  });

  it("a sink that throws is its own fault: the next news comes", async () => {
    const { clock, line, venue } = rig();
    const told: VenueNews[] = [];
    await venue.open({
      clock,
      random: seededRandom(3),
      logger: SILENT,
      sink: (one) => {
        told.push(one);
        throw new Error("the host's own fault");
      },
    });
    clock.advanceBy(0);
    line.last().open();
    expect(() => line.last().say("a"), "frames").not.toThrow();
    venue.read(1, { kind: "openOrders" });
    expect(() => line.requests[0]?.answer([]), "answers").not.toThrow();
    expect(told).toHaveLength(2);
    venue.close();
  });
});

describe("sign", () => {
  it("writes asset id, nonce and expiry into the envelope, once for the same terms", async () => {
    const { venue } = await live();
    const one = signed(venue);
    expect(objectOf(one.payload)).toMatchObject({
      nonce: one.nonce,
      expiresAfter: 1_800_000_000_000,
      vaultAddress: null,
      action: { type: "order", orders: [{ a: 1, p: "2000", s: "0.1" }] },
    });
  });

  it("fails an action that cannot be encoded, and a key that throws", async () => {
    const { venue } = await live();
    const reasons: string[] = [];
    const cancel: VenueAction = {
      kind: "cancelByCloid",
      targets: [{ coin: parseCoin("NOPE"), cloid: parseCloid("a1".padStart(32, "0")) }],
    };
    venue.sign(cancel, { nonce: 1 }, (result) =>
      reasons.push(result.kind === "failed" ? result.reason : "signed"),
    );
    const broken = await live({
      signer: {
        ...testSigner(AGENT),
        sign: () => {
          throw new Error("the device is locked");
        },
      },
    });
    broken.venue.sign(PLACE, { nonce: 1 }, (result) =>
      reasons.push(result.kind === "failed" ? result.reason : "signed"),
    );
    expect(reasons).toEqual([expect.stringContaining("NOPE"), "the device is locked"]);
  });

  it.each<[string, (done: (result: SignResult) => void) => unknown, string]>([
    ["nothing", (done) => done(answerOf(undefined)), "no signature"],
    ["an unpadded word", (done) => done(signatureOf("0x1")), "no signature"],
    ["twice", answeringTwice, "locked"],
    ["nothing, later", (done) => queueMicrotask(() => done(answerOf({}))), "no signature"],
    ["a rejected promise", () => Promise.reject(new Error("unreachable")), "unreachable"],
  ])("a key that answers %s fails the action once", async (_what, answer, reason) => {
    const sign = (_digest: Uint8Array, done: (result: SignResult) => void) => answer(done);
    const { venue } = await live({ signer: { ...testSigner(AGENT), sign } });
    const results: unknown[] = [];
    venue.sign(PLACE, { nonce: 1 }, (result) => results.push(result));
    await settle();
    expect(results).toEqual([{ kind: "failed", reason: expect.stringContaining(reason) }]);
  });

  it("never repeats a nonce, and moves beyond one that was seen spent", async () => {
    const { venue } = await live();
    const first = venue.nextNonce();
    venue.raiseNonce(first + 500);
    expect(venue.nextNonce()).toBeGreaterThan(first + 500);
  });
});

describe("write", () => {
  const OK = { status: "ok", response: { type: "default" } };

  function postId(text: string | undefined): unknown {
    return objectOf(text ?? "{}")["id"];
  }

  it("posts over a live socket and matches the answers by id, in any order", async () => {
    const { venue, line, facts } = await live();
    venue.write(10, signed(venue), "socket");
    venue.write(11, signed(venue), "socket");
    const [first, second] = line.last().sent.slice(-2).map(postId);
    for (const id of [second, first]) {
      line.last().say({ channel: "post", data: { id, response: { type: "action", payload: OK } } });
    }
    expect(facts().slice(-2)).toMatchObject([
      { type: "copy.answered", copy: 11, mouth: "socket" },
      { type: "copy.answered", copy: 10, mouth: "socket" },
    ]);
  });

  it("says that nothing was written when the socket is not live", async () => {
    const { venue, line, facts } = await live();
    line.last().drop();
    venue.write(12, signed(venue), "socket");
    expect(facts().at(-1)).toMatchObject({
      type: "copy.failed",
      copy: 12,
      mouth: "socket",
      written: "never",
    });
  });

  it("says nothing of an open post when its socket is lost; a late answer still finds its copy", async () => {
    const { venue, line, facts, clock, goLive } = await live();
    venue.write(13, signed(venue), "socket");
    const old = line.last();
    const id = postId(old.sent.at(-1));
    old.drop();
    expect(facts().at(-1)).toMatchObject({ type: "connection.lost" });
    clock.advanceBy(10_000);
    goLive();
    expect(facts().some((fact) => fact.type === "copy.failed")).toBe(false);
    old.say({ channel: "post", data: { id, response: { type: "action", payload: OK } } });
    expect(facts().at(-1)).toMatchObject({ type: "copy.answered", copy: 13 });
  });

  it.each<[string, number, unknown, Partial<Answer>]>([
    ["ok", 200, OK, { admission: "admittedBare" }],
    ["429", 429, "null", { admission: "notAdmitted" }],
    ["502", 502, "<html>bad gateway</html>", { admission: "unknown" }],
    ["null", 200, "null", { admission: "unknown" }],
  ])("writes the same bytes by REST and reads %s", async (_name, status, body, answer) => {
    const { venue, line, facts } = await live();
    const action = signed(venue);
    venue.write(14, action, "rest");
    expect(line.requests[0]?.request).toMatchObject({ path: "/exchange", body: action.payload });
    line.requests[0]?.answer(body, status);
    expect(facts().at(-1)).toMatchObject({
      type: "copy.answered",
      copy: 14,
      mouth: "rest",
      answer,
    });
  });

  it("passes on whether a byte of a failed request may have left", async () => {
    const { venue, line, facts } = await live();
    venue.write(15, signed(venue), "rest");
    line.requests[0]?.fail("never", "ECONNREFUSED");
    expect(facts().at(-1)).toMatchObject({
      type: "copy.failed",
      copy: 15,
      written: "never",
      reason: "ECONNREFUSED",
    });
  });
});

describe("read", () => {
  it("answers each read once", async () => {
    const { venue, line, facts } = await live();
    venue.read(20, { kind: "openOrders" });
    line.requests[0]?.answer([]);
    expect(facts().at(-1)).toEqual({
      type: "read.answered",
      read: 20,
      report: { kind: "openOrders", orders: [] },
    });
  });

  it("a failed read says why, after what was not understood", async () => {
    const { venue, line, facts } = await live();
    venue.read(21, { kind: "openOrders" });
    line.requests[0]?.answer("<html>");
    expect(facts().slice(-2)).toMatchObject([
      { type: "unrecognized", channel: "frontendOpenOrders", text: "<html>" },
      { type: "read.failed", read: 21 },
    ]);
  });
});
